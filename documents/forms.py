"""The form of the public check, and the choice of a year of number series."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.rules import CODE_LENGTH


class CheckForm(forms.Form):
    """Number and check code as printed on the paper."""

    number = forms.CharField(
        label=_("number of the paper"),
        max_length=100,
        help_text=_("at the top right of the paper"),
        error_messages={"required": _("enter the number of the paper")},
    )
    code = forms.CharField(
        label=_("check code"),
        max_length=CODE_LENGTH * 2,
        help_text=_("8 letters and digits at the foot of the paper"),
        error_messages={"required": _("enter the check code")},
    )


class YearForm(forms.Form):
    """The year of which the series are shown."""

    year = forms.TypedChoiceField(
        label=_("year"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("no number was drawn in this year")},
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [("", _("every year")), *((year, str(year)) for year in years)]
