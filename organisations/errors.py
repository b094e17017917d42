"""What the organisation refuses."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput


class NotAClient(InvalidInput):
    """Tokens are for API clients only."""

    code = "not_a_client"
    default_message = _("only an API client can hold a token")


class HoldersClash(DomainError):
    """The A and the B holder of a post are the same person."""

    code = "holders_clash"
    default_message = _("the A and the B holder must be two people")


class TooManyFilters(DomainError):
    """A list has as many filters of one person as there are keys to open them."""

    code = "too_many_filters"
    default_message = _("nine filters are kept for this list; remove one first")
