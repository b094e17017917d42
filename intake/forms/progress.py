"""What a citizen types to ask how his application stands."""

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.rules.numbers import CHECK_LENGTH, spelled_check, spelled_receipt


class ProgressForm(forms.Form):
    """Receipt number and check characters, as printed on the receipt."""

    receipt = forms.CharField(label=_("receipt number"), max_length=60)
    check = forms.CharField(label=_("check characters"), max_length=12)

    def clean_receipt(self) -> str:
        """The number as stored."""
        return spelled_receipt(self.cleaned_data["receipt"])

    def clean_check(self) -> str:
        """Eight signs as stored."""
        code = spelled_check(self.cleaned_data["check"])
        if len(code) != CHECK_LENGTH:
            raise forms.ValidationError(_("the check characters are eight letters and digits"))
        return code
