"""Progress for whoever holds the receipt: number and check characters are the proof."""

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotFound
from common.tries import Tries
from intake.models import Application
from intake.rules.numbers import spelled_check, spelled_receipt

BY_ASKER = Tries("progress asker", 10)
BY_RECEIPT = Tries("progress receipt", 20)
NOWHERE = "0" * 8


class ReceiptUnknown(NotFound):
    """No application has this receipt number and these check characters."""

    code = "receipt_unknown"
    default_message = _("receipt number and check characters do not fit together")


class TooManyTries(DomainError):
    """Whoever asks has guessed too often."""

    code = "too_many_tries"
    status = 429
    default_message = _("too many failed tries; please wait a quarter of an hour or ask the window")


def find_by_receipt(*, receipt: str, check: str, asker: str) -> Application:
    """The application whose receipt this is.

    Failures are counted by asker and by receipt number, so that neither one machine
    nor many can try out check characters.

    Raises:
        ReceiptUnknown: no such number, or other check characters.
        TooManyTries: too many failures within a quarter of an hour.
    """
    number, code = spelled_receipt(receipt), spelled_check(check)
    if BY_ASKER.used_up(asker) or BY_RECEIPT.used_up(number):
        raise TooManyTries
    application = Application.objects.for_list().filter(number=number).first()
    held = application.check_code if application else NOWHERE
    if application is None or not constant_time_compare(held, code):
        BY_ASKER.note(asker)
        BY_RECEIPT.note(number)
        raise ReceiptUnknown
    return application
