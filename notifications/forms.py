"""What an administrator types about where somebody is reached."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.errors import AddressUnusable
from notifications.models import ContactPoint
from notifications.rules import fits


class ContactForm(forms.ModelForm):
    """Person, channel and address; an address once stored is never shown in full again."""

    new_address = forms.CharField(
        label=_("address"),
        max_length=128,
        required=False,
        help_text=_(
            "Mailbox, telephone, or the key of the group robot, as the channel's settings ask for."
        ),
    )

    class Meta:
        model = ContactPoint
        fields = ("user", "channel", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            held = {"address": self.instance.masked_address}
            self.fields["new_address"].help_text = _("On file: %(address)s. Empty keeps it.") % held

    def clean(self) -> dict[str, Any]:
        """The address fits the channel; a new contact point needs one.

        Raises:
            ValidationError: it doesn't.
        """
        given: dict[str, Any] = super().clean() or self.cleaned_data
        channel = given.get("channel", self.instance.channel)
        address = given.get("new_address", "")
        if channel and (address or not self.instance.pk) and not fits(channel, address):
            self.add_error("new_address", str(AddressUnusable.default_message))
        return given
