"""One spelling for one fact: canonical JSON text of strings, integers, lists and objects."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


def canonical_json(value: object) -> str:
    """The only JSON text of ``value``: sorted keys, no spaces, no escapes.

    Raises:
        TypeError: a float, None, date or other value whose spelling could vary.
    """
    _refuse_ambiguous(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse_ambiguous(value: object) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _refuse_ambiguous(str(key) if isinstance(key, str) else None)
            _refuse_ambiguous(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_ambiguous(inner)
    elif not isinstance(value, str | int):
        raise TypeError(f"only strings and integers are recorded, not {type(value).__name__}")


class CanonicalJSONField(models.TextField):
    """Holds a dict; the column holds its canonical JSON text, byte for byte as hashed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_args: object) -> dict[str, Any]:
        """The dict the stored text spells."""
        return json.loads(value) if value else {}

    def to_python(self, value: Any) -> dict[str, Any]:
        """A dict from a form or a fixture.

        Raises:
            ValidationError: the text is no JSON.
        """
        if isinstance(value, dict):
            return value
        try:
            return json.loads(value) if value else {}
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def get_prep_value(self, value: Any) -> str:
        """The text that goes into the column."""
        return canonical_json(value or {})

    def value_to_string(self, obj: models.Model) -> str:
        """The text that goes into a fixture."""
        return self.get_prep_value(self.value_from_object(obj))
