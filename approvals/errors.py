"""What approvals refuse."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput


class ProcedureNotProvided(InvalidInput):
    """A special procedure neither the law nor the guide provides for this item."""

    code = "procedure_not_provided"
    default_message = _(
        "neither the law nor the guide provides this special procedure for the item"
    )


class NoRunningClock(DomainError):
    """The time limit of the case is not running."""

    code = "no_running_clock"
    default_message = _("the time limit of this case is not running")


class ExtensionNotAllowed(InvalidInput):
    """The rule of the limit allows no such extension."""

    code = "extension_not_allowed"


class NothingPending(DomainError):
    """There is nothing to answer or to end."""

    code = "nothing_pending"
    default_message = _("there is nothing open to answer")


class ReasonMissing(InvalidInput):
    """A refusal without its reasons (行政许可法 38)."""

    code = "reason_missing"
    default_message = _("a refusal states its reasons")
