"""Why somebody needs to see personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevealForm(forms.Form):
    """The reason goes into the case's timeline."""

    reason = forms.CharField(label=_("what the data are needed for"), max_length=200)
