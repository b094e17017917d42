"""What of an older form still fits today's."""

import re
from collections.abc import Mapping, Sequence

Typed = Mapping[str, Sequence[str]]
OF_A_VERSION = re.compile(r"v(\d+)-(.+)")
OF_MATERIALS = "m-"


def carried(
    typed: Typed, before: Mapping[str, int], now: Mapping[str, int]
) -> dict[str, list[str]]:
    """What was typed, under the names today's page gives its fields.

    ``before`` and ``now`` are the versions of the items by code. Answers follow their item to
    its new version; ticks of materials go by place in the list, so they are dropped where the
    list may have changed. What is unknown to both is dropped.
    """
    moved = {str(pk): str(now[code]) for code, pk in before.items() if code in now}
    same = dict(before) == dict(now)
    found: dict[str, list[str]] = {}
    for name, values in typed.items():
        answer = OF_A_VERSION.fullmatch(name)
        if answer:
            version = moved.get(answer.group(1))
            if version:
                found[f"v{version}-{answer.group(2)}"] = list(values)
        elif same or not name.startswith(OF_MATERIALS):
            found[name] = list(values)
    return found
