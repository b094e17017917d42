"""The forms of whoever keeps the catalogue: a file to import, a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Level
from catalogue.services import ImportOptions
from catalogue.services.imports import DEFAULT_PROMISE
from organisations.choices import RegionLevel
from organisations.models import Region


class ImportForm(forms.Form):
    """A file of items and how to read it."""

    file = forms.FileField(
        label=_("file"),
        help_text=_("xlsx or CSV (UTF-8 or GB18030), at most 20 MB, or JSON, at most 64 MB"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt,.json"}),
    )
    publish = forms.BooleanField(label=_("publish what is stored"), required=False)
    create_units = forms.BooleanField(label=_("add departments that are unknown"), required=False)
    region = forms.ModelChoiceField(
        label=_("region of the departments"),
        queryset=Region.objects.filter(level=RegionLevel.DISTRICT),
        required=False,
        empty_label=_("as the file says, else this district"),
    )
    default_promise = forms.IntegerField(
        label=_("promise where the file names no limit (working days)"),
        min_value=0,
        max_value=365,
        initial=DEFAULT_PROMISE,
        help_text=_("0: such items stay drafts, for a promise must be published (安阳条例 22)"),
    )
    accepts = forms.MultipleChoiceField(
        label=_("accepted by, where the file has no such column"),
        choices=Level,
        initial=[Level.DISTRICT],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def options(self) -> ImportOptions:
        """What was chosen."""
        chosen = self.cleaned_data
        return ImportOptions(
            publish=chosen["publish"],
            create_units=chosen["create_units"],
            region=chosen["region"].code if chosen["region"] else "",
            default_promise=chosen["default_promise"],
            accepts=chosen["accepts"],
        )


class NoteForm(forms.Form):
    """Why something is done."""

    note = forms.CharField(
        label=_("reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
