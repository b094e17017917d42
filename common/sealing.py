"""Sealed fields: personal data at rest as SM4-GCM, found again by a blind index.

A service seals a value once, then hashes and stores the same bytes. The sealed
bytes are bound to model, field and row, so a copied cell does not open elsewhere.
"""

import json
import unicodedata
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import crypto
from common.errors import PersonErased
from common.keys import DataKey

MASK = "*"
MOST_STARS = 4
ERASED: Promise = _("erased")
"""What stands where the data of an erased person stood."""


class SealedField(models.BinaryField):
    """Sealed bytes of one value; ``SealedModel.seal`` writes, ``reveal`` reads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", bytes)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class SealedModel(models.Model):
    """A row with sealed fields under one person's data key."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    data_key = models.ForeignKey(
        DataKey,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    class Meta:
        abstract = True

    @property
    def is_erased(self) -> bool:
        """Whether the person's data can never be read again."""
        return self.data_key.erased_at is not None

    def _place(self, field: str) -> bytes:
        return f"{self._meta.label_lower}.{field}:{self.uuid}".encode()

    def seal(self, field: str, value: str) -> None:
        """``value`` stands sealed in ``field``; the caller saves.

        Raises:
            PersonErased: the person's data key is no more.
        """
        key = self.data_key.open()
        if key is None:
            raise PersonErased
        setattr(self, field, crypto.encrypt(key, value.encode(), self._place(field)))

    def reveal(self, field: str) -> str:
        """The plain value; empty if never sealed or the person was erased.

        Raises:
            crypto.Unsealable: the stored bytes were tampered with.
        """
        sealed, key = bytes(getattr(self, field) or b""), self.data_key.open()
        if not sealed or key is None:
            return ""
        return crypto.decrypt(key, sealed, self._place(field)).decode()

    def seal_json(self, field: str, value: object) -> None:
        """A JSON value stands sealed in ``field``."""
        self.seal(field, json.dumps(value, ensure_ascii=False, sort_keys=True))

    def reveal_json(self, field: str) -> Any:
        """The JSON value of ``field``; an empty dict if there is none to read."""
        text = self.reveal(field)
        return json.loads(text) if text else {}


def new_data_key() -> DataKey:
    """A stored fresh data key for a new person."""
    return DataKey.fresh()


def normalise(value: str) -> str:
    """One spelling per value: NFKC, no white space, upper case."""
    return "".join(unicodedata.normalize("NFKC", value).split()).upper()


def blind_index(value: str, purpose: str) -> str:
    """64 hex digits that equal values of one purpose share; empty for an empty value.

    Keyed (HMAC-SM3), for an id number has few unknown digits.
    """
    spelled = normalise(value)
    if not spelled:
        return ""
    return crypto.hmac_sm3(settings.INDEX_KEY, f"{purpose}\0{spelled}".encode()).hex()


def mask_name(name: str) -> str:
    """张*明 for 张小明, 张* for 张三; one character stays one star, long names show four."""
    if len(name) <= 1:
        return MASK * len(name)
    if len(name) == 2:
        return name[0] + MASK
    return name[0] + MASK * min(len(name) - 2, MOST_STARS) + name[-1]


def mask_id(number: str) -> str:
    """The first six and last four characters, stars between."""
    if len(number) <= 10:
        return number[:2] + MASK * max(0, len(number) - 2)
    return number[:6] + MASK * (len(number) - 10) + number[-4:]


def mask_mobile(number: str) -> str:
    """138****5678."""
    if len(number) < 7:
        return MASK * len(number)
    return number[:3] + MASK * (len(number) - 7) + number[-4:]


def mask_organisation(name: str) -> str:
    """The first two and last two characters of an organisation's name, at most four stars."""
    stars = MASK * min(len(name) - 4, MOST_STARS)
    return name if len(name) <= 4 else name[:2] + stars + name[-2:]
