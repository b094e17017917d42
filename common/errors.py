"""What a service may refuse, in words a clerk can act on.

Every door (admin, API, page, command) translates these; none of them knows HTTP
beyond the number a door may use.
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise


class DomainError(Exception):
    """A refusal with a stable ``code``; nothing has been changed."""

    code: ClassVar[str] = "domain_error"
    status: ClassVar[int] = 409
    default_message: ClassVar[Text] = gettext_lazy("this cannot be done now")

    def __init__(self, message: Text = "", **details: Any) -> None:
        self.message = str(message or self.default_message)
        self.details = details
        super().__init__(self.message)


class NotFound(DomainError):
    """The thing does not exist, or not within the actor's scope."""

    code = "not_found"
    status = 404
    default_message = gettext_lazy("not found, or outside what you may see")


class Forbidden(DomainError):
    """The actor may see the thing but may not do this to it."""

    code = "forbidden"
    status = 403
    default_message = gettext_lazy("your posts do not allow this")


class InvalidInput(DomainError):
    """What was handed in cannot be used; ``fields`` names each fault."""

    code = "invalid_input"
    status = 400
    default_message = gettext_lazy("please correct the marked fields")

    def __init__(
        self,
        message: Text = "",
        fields: dict[str, list[str]] | None = None,
        **details: Any,
    ) -> None:
        self.fields = fields or {}
        super().__init__(message, **details)


class StaleObject(DomainError):
    """Someone else changed the thing since it was read."""

    code = "stale"
    default_message = gettext_lazy("a colleague has changed this meanwhile; please look again")


class PersonErased(DomainError):
    """The personal data were erased; nothing can be sealed for or shown of this person."""

    code = "person_erased"
    status = 410
    default_message = gettext_lazy("the personal data of this person have been erased")


class JobOver(DomainError):
    """The work in the background was done, failed or given up before."""

    code = "job_over"
    default_message = _("this work is over already")


class TransitionRefused(DomainError):
    """A move of the flow is refused; ``reasons`` holds every reason."""

    code = "transition_refused"

    def __init__(self, reasons: list[str], **details: Any) -> None:
        self.reasons = [str(reason) for reason in reasons]
        super().__init__(_("; ").join(self.reasons), **details)
