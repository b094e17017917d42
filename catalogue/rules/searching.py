"""One typing error forgiven: what a word may look like with one sign wrong, missing, added or swapped."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LEAST_LATIN, LEAST_CHINESE, MOST = 4, 3, 24
LATIN = re.compile(r"[a-z0-9]+")


class Forgiven(NamedTuple):
    """Halves of the word, one of which stands unharmed, and a pattern for the whole of it."""

    first: str
    second: str
    pattern: str


def forgiven(word: str) -> Forgiven | None:
    """How to look for the word with one error; None where it is too short for a sound guess.

    Wherever the error is, one half of the word is right: that narrows the search before the
    pattern is tried.
    """
    least = LEAST_LATIN if LATIN.fullmatch(word) else LEAST_CHINESE
    if not least <= len(word) <= MOST:
        return None
    middle = len(word) // 2
    spellings = dict.fromkeys(_spellings(word))
    return Forgiven(word[:middle], word[middle:], "|".join(spellings))


def _spellings(word: str) -> Iterator[str]:
    for place in range(len(word)):
        before, sign, after = word[:place], word[place], word[place + 1 :]
        yield f"{re.escape(before)}.{re.escape(after)}"
        if len(word) > LEAST_CHINESE:
            yield re.escape(before + after)
        yield f"{re.escape(before)}.{re.escape(sign + after)}"
        if after and after[0] != sign:
            yield re.escape(before + after[0] + sign + after[1:])
