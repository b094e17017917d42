"""How a notice was served: who, where, when, and what was said."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import time
from intake.choices import ServiceWay
from intake.models import Notice
from intake.rules.serving import Served

MOMENT = "%Y-%m-%dT%H:%M"


class ServingForm(forms.Form):
    """The account of one service; what the way of service asks for, the service checks."""

    way = forms.ChoiceField(label=_("way of service"), choices=ServiceWay, widget=forms.RadioSelect)
    served_at = forms.DateTimeField(
        label=_("served at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    place = forms.CharField(
        label=_("place of service"),
        max_length=200,
        help_text=_("by post or electronically: the address and the number of the consignment"),
    )
    receiver = forms.CharField(label=_("who took it"), max_length=60, required=False)
    relation = forms.CharField(
        label=_("relation to the applicant"),
        max_length=40,
        required=False,
        help_text=_("only if somebody else took it"),
    )
    refusal_reason = forms.CharField(
        label=_("why it was refused"),
        max_length=200,
        required=False,
        help_text=_("if the notice was left behind"),
    )
    witness = forms.CharField(
        label=_("witness of the service"),
        max_length=60,
        required=False,
        help_text=_("if the notice was left behind"),
    )
    agreed = forms.BooleanField(
        label=_("the applicant agreed to be served electronically"), required=False
    )
    colleague = forms.CharField(label=_("second server"), max_length=60, required=False)
    note = forms.CharField(label=_("remark on the service"), max_length=300, required=False)

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].initial = ServiceWay.DIRECT
        self.fields["served_at"].initial = time.local(time.now()).strftime(MOMENT)
        self.fields["place"].initial = notice.case.application.place_text

    def account(self) -> Served:
        """What was typed, for the service."""
        return Served(**self.cleaned_data)
