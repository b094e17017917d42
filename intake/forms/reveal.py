"""Why somebody needs to see personal data, or to erase them."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevealForm(forms.Form):
    """The reason goes into the case's timeline."""

    reason = forms.CharField(label=_("what the data are needed for"), max_length=200)


class EraseForm(forms.Form):
    """The reason goes into the timeline of every case of the person."""

    reason = forms.CharField(
        label=_("who asked for it, and why nothing speaks against it"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(label=_("I know that nobody can undo this"))
