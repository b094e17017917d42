"""The form of an item, made from its definition; the import form."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.choices import FieldType, Level
from catalogue.models import ItemVersion
from catalogue.services import ImportOptions
from catalogue.services.imports import DEFAULT_PROMISE
from organisations.choices import RegionLevel
from organisations.models import Region

MAX_LINE, MAX_TEXT = 200, 4000
Entry = dict[str, Any]


def form_for(version: ItemVersion) -> type[forms.Form]:
    """A form class with the version's fields, in the order of its definition."""
    fields = {entry["key"]: _field(entry) for entry in version.form_definition}
    return type(f"ItemForm{version.pk}", (forms.Form,), fields)


def stored_answers(form: forms.Form) -> dict[str, str]:
    """The cleaned answers as texts, empty ones left out: what a case keeps."""
    return {
        key: value.isoformat() if isinstance(value, date) else str(value)
        for key, value in form.cleaned_data.items()
        if value not in (None, "")
    }


def _line(common: Entry, _entry: Entry) -> forms.Field:
    return forms.CharField(max_length=MAX_LINE, **common)


def _text(common: Entry, _entry: Entry) -> forms.Field:
    return forms.CharField(
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        **common,
    )


def _number(common: Entry, _entry: Entry) -> forms.Field:
    return forms.DecimalField(max_digits=14, decimal_places=4, **common)


def _date(common: Entry, _entry: Entry) -> forms.Field:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **common)


def _choice(common: Entry, entry: Entry) -> forms.Field:
    options = [("", _("choose")), *((option, option) for option in entry["options"])]
    return forms.ChoiceField(choices=options, **common)


_MAKERS: dict[str, Callable[[Entry, Entry], forms.Field]] = {
    FieldType.TEXT: _line,
    FieldType.TEXTAREA: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
}


def _field(entry: Entry) -> forms.Field:
    common = {
        "label": entry["label"],
        "required": bool(entry.get("required")),
        "help_text": entry.get("help", ""),
    }
    return _MAKERS[entry["type"]](common, entry)


class ImportForm(forms.Form):
    """A file of items and how to read it."""

    file = forms.FileField(
        label=_("file"),
        help_text=_("CSV (UTF-8 or GB18030) or xlsx, at most 20 MB"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
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
