"""Data keys: one per person, wrapped by a master key from the settings.

Rotating the master key re-wraps data keys and touches no row; erasing a person
destroys his data key, and every hash chain over the sealed bytes stays valid.
"""

import uuid
from functools import lru_cache
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common import crypto, time


def _current_master() -> tuple[str, bytes]:
    key_id = next(iter(settings.FIELD_MASTER_KEYS))
    return key_id, bytes.fromhex(settings.FIELD_MASTER_KEYS[key_id])


@lru_cache(maxsize=4096)
def _unwrap(key_id: uuid.UUID, master_id: str, wrapped: bytes) -> bytes:
    master = bytes.fromhex(settings.FIELD_MASTER_KEYS[master_id])
    return crypto.decrypt(master, wrapped, key_id.bytes)


class DataKey(models.Model):
    """The key under which one person's data are sealed; empty once erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    master_id = models.CharField(_("master key"), max_length=32)
    wrapped = models.BinaryField(_("wrapped key"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=time.now)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def unstored(cls) -> Self:
        """A new key that the caller saves."""
        key = cls()
        key.wrap(crypto.new_key())
        return key

    @classmethod
    def fresh(cls) -> Self:
        """A stored new key."""
        key = cls.unstored()
        key.save(force_insert=True)
        return key

    @property
    def is_stored(self) -> bool:
        """Whether its row stands."""
        return not self._state.adding

    def wrap(self, plain: bytes) -> None:
        """``plain`` is held under the current master key; the caller saves."""
        self.master_id, master = _current_master()
        self.wrapped = crypto.encrypt(master, plain, self.id.bytes)

    def open(self) -> bytes | None:
        """The plain key, or None once erased."""
        if self.erased_at is not None:
            return None
        return _unwrap(self.id, self.master_id, bytes(self.wrapped))

    def erase(self) -> None:
        """The person's sealed data can never be read again."""
        self.wrapped, self.erased_at = b"", time.now()
        self.save(update_fields=["wrapped", "erased_at"])
        _unwrap.cache_clear()
