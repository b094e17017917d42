"""System checks of the plumbing."""

from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import OperationalError, ProgrammingError, connections

from common import crypto
from common.append_only import missing_triggers


@register(Tags.security)
def national_algorithms_present(**_kwargs: Any) -> list[CheckMessage]:
    """SM4-GCM and HMAC-SM3 work in the cryptography build at hand."""
    try:
        key = crypto.new_key()
        works = crypto.decrypt(key, crypto.encrypt(key, b"x", b"p"), b"p") == b"x"
        crypto.hmac_sm3(key, b"x")
    except UnsupportedAlgorithm:
        works = False
    if works:
        return []
    return [Error("SM4 or SM3 is missing in this build of cryptography", id="common.E001")]


@register(Tags.database)
def append_only_tables_guarded(
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Every append-only table that exists carries its triggers."""
    missing: list[str] = []
    for alias in databases or ():
        try:
            missing += missing_triggers(connections[alias])
        except (OperationalError, ProgrammingError):
            continue
    return [
        CheckWarning(f"trigger {name} is missing; run migrate", id="common.W001")
        for name in missing
    ]
