"""The same request twice is one request: keys, hashes and answers in our own table."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import DomainError, InvalidInput
from common.models import IdempotencyKey

HEADER = "Idempotency-Key"
MAX_KEY = 200


class KeyReused(DomainError):
    """The key was already used for another request."""

    code = "idempotency_key_reused"
    status = 422
    default_message = _("this Idempotency-Key was used for a different request")


def _key_of(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if not key or len(key) > MAX_KEY:
        raise InvalidInput(
            _("send an Idempotency-Key header of 1 to 200 characters"),
            fields={HEADER: [str(_("required"))]},
        )
    return key


def _fingerprint(request: Request) -> str:
    """A digest of what is asked: path and plain body, before any parser reads it."""
    digest = hashlib.sha256(request.path.encode())
    digest.update(b"\0")
    digest.update(request.body)
    return digest.hexdigest()


def idempotent(view: Callable[..., Response]) -> Callable[..., Response]:
    """A POST that runs once per client and key and answers the same ever after.

    Key, change and answer are one transaction, so a failed request leaves the key
    free, and a second request with the key waits for the first one's row.

    Raises:
        InvalidInput: no usable key.
        KeyReused: the key stands for another request.
    """

    @wraps(view)
    def once(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key, fingerprint = _key_of(request), _fingerprint(request)
        with transaction.atomic():
            client: Any = request.user
            entry = IdempotencyKey(client=client, key=key, request_hash=fingerprint)
            if not _is_first(entry):
                return _answer_again(entry, fingerprint)
            answer = view(self, request, *args, **kwargs)
            entry.status, entry.body = answer.status_code, answer.data
            entry.save(update_fields=["status", "body"])
            return answer

    return once


def _is_first(entry: IdempotencyKey) -> bool:
    """Whether the key was free and is taken now; most are, so nobody looks before he writes."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _answer_again(asked: IdempotencyKey, fingerprint: str) -> Response:
    entry = IdempotencyKey.objects.get(client_id=asked.client_id, key=asked.key)
    if entry.request_hash != fingerprint:
        raise KeyReused
    return Response(entry.body, status=entry.status, headers={"Idempotent-Replay": "true"})
