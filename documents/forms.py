"""The form of the public check."""

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
