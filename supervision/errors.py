"""What supervision refuses."""

from django.utils.translation import gettext_lazy as _

from common.errors import Forbidden, InvalidInput


class NotYourCard(Forbidden):
    """The card is held by another unit and another person."""

    code = "not_your_card"
    default_message = _("this card is held by another unit; only that unit may answer it")


class ReasonMissing(InvalidInput):
    """The verb needs a reason in words."""

    code = "reason_missing"
    default_message = _("please write the reason")


class FileRefused(InvalidInput):
    """A file that cannot come with an answer."""

    code = "file_refused"
    default_message = _("a file was not taken; nothing was sent")
