"""Progress for whoever holds the receipt: number and check characters are the proof."""

import hashlib

from django.core.cache import cache
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotFound
from intake.models import Application
from intake.rules.numbers import spelled_check, spelled_receipt

TRIES_OF_ASKER = 10
TRIES_OF_RECEIPT = 20
WINDOW_SECONDS = 900
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


def _counter(kind: str, value: str) -> str:
    return f"progress:{kind}:{hashlib.sha256(value.encode()).hexdigest()[:32]}"


def _failures(key: str) -> int:
    return int(cache.get(key, 0))


def _note_failure(*keys: str) -> None:
    for key in keys:
        cache.add(key, 0, WINDOW_SECONDS)
        cache.incr(key)


def find_by_receipt(*, receipt: str, check: str, asker: str) -> Application:
    """The application whose receipt this is.

    Failures are counted by asker and by receipt number, so that neither one machine
    nor many can try out check characters.

    Raises:
        ReceiptUnknown: no such number, or other check characters.
        TooManyTries: too many failures within a quarter of an hour.
    """
    number, code = spelled_receipt(receipt), spelled_check(check)
    by_asker, by_receipt = _counter("asker", asker), _counter("receipt", number)
    tried_out = _failures(by_asker) >= TRIES_OF_ASKER
    if tried_out or _failures(by_receipt) >= TRIES_OF_RECEIPT:
        raise TooManyTries
    application = Application.objects.for_list().filter(number=number).first()
    held = application.check_code if application else NOWHERE
    if application is None or not constant_time_compare(held, code):
        _note_failure(by_asker, by_receipt)
        raise ReceiptUnknown
    return application
