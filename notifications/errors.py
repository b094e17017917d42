"""What may be refused about messages for outside."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput


class NotGivenUp(DomainError):
    """Only a message that was given up is sent anew."""

    code = "message_not_given_up"
    default_message = _("this message waits or was sent already")


class AddressUnusable(InvalidInput):
    """An address that the channel can't have."""

    code = "address_unusable"
    default_message = _("this address does not fit the channel")


class ContactUnused(DomainError):
    """Nothing can be sent to this contact point."""

    code = "contact_unused"
    default_message = _("this contact point is out of use, or the district has no such channel")
