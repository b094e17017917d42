"""Personal data at rest: sealed, bound to its place, erasable, indexed blindly."""

import pytest
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.test import override_settings

from common import crypto
from common.keys import DataKey
from common.sealing import blind_index, mask_id, mask_mobile, mask_name

PLACE = b"intake.applicant.name:1"


def test_it_works() -> None:
    key = crypto.new_key()
    assert (
        crypto.decrypt(key, crypto.encrypt(key, "张小明".encode(), PLACE), PLACE).decode()
        == "张小明"
    )


def test_sealed_bytes_do_not_open_at_another_place() -> None:
    key = crypto.new_key()
    with pytest.raises(crypto.Unsealable):
        crypto.decrypt(key, crypto.encrypt(key, b"x", PLACE), b"intake.applicant.name:2")


@pytest.mark.parametrize("spot", [0, 5, 20, -1])
def test_one_flipped_bit_is_noticed(spot: int) -> None:
    key = crypto.new_key()
    sealed = bytearray(crypto.encrypt(key, b"secret", PLACE))
    sealed[spot] ^= 1
    with pytest.raises(crypto.Unsealable):
        crypto.decrypt(key, bytes(sealed), PLACE)


def test_sm3_equals_the_published_vector() -> None:
    """GB/T 32905 example 1: SM3 of "abc", through the same library and algorithm."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")


@pytest.mark.django_db
def test_rotating_the_master_key_re_wraps_without_touching_the_plain_key() -> None:
    key = DataKey.fresh()
    plain = key.open()
    both = {"new": "ff" * 16, **_masters()}
    with override_settings(FIELD_MASTER_KEYS=both):
        assert key.open() == plain
        key.wrap(plain or b"")
        key.save()
    with override_settings(FIELD_MASTER_KEYS={"new": "ff" * 16}):
        assert DataKey.objects.get(pk=key.pk).open() == plain


def _masters() -> dict[str, str]:
    return dict(settings.FIELD_MASTER_KEYS)


@pytest.mark.django_db
def test_an_erased_key_opens_nothing() -> None:
    key = DataKey.fresh()
    key.erase()
    assert DataKey.objects.get(pk=key.pk).open() is None
    assert key.open() is None


def test_the_index_ignores_spelling_and_differs_by_purpose() -> None:
    assert blind_index("41050319900101123x", "id") == blind_index(
        " ４１０５０３19900101123X ", "id"
    )
    assert blind_index("1", "id") != blind_index("1", "mobile")
    assert blind_index("", "id") == ""


def test_masks() -> None:
    assert [mask_name(name) for name in ("张", "张三", "张小明", "欧阳小明")] == [
        "*",
        "张*",
        "张*明",
        "欧**明",
    ]
    assert mask_id("410503199001011234") == "410503********1234"
    assert mask_mobile("13812345678") == "138****5678"
