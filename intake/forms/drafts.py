"""What of a page is kept of a form in the making."""

import re
from typing import Any

# Applicant, slip, items' forms, materials: nothing else of a page is anybody's answer.
KEPT = re.compile(r"(a|s|m|v\d+)-.+")


def typed_in(data: Any) -> dict[str, list[str]]:
    """Fields with what was typed, empty ones left out; ``data`` is a QueryDict."""
    found = {name: data.getlist(name) for name in data if KEPT.fullmatch(name)}
    return {name: values for name, values in found.items() if any(values)}
