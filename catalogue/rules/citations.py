"""Law and articles named by a legal basis as people write it."""

import re
from typing import NamedTuple

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
ARTICLE = re.compile(r"第\s*([零〇一二三四五六七八九十百千两\d]+)\s*条")
TITLE = re.compile(r"《([^》]+)》")


class Citation(NamedTuple):
    """A law's title, and the numbers of its articles between bars: ``|9|11|``."""

    law: str
    articles: str


def number_of(text: str) -> int:
    """The number that Chinese or Arabic signs spell: 二十三 is 23."""
    if text.isdecimal():
        return int(text)
    if not TENS.keys() & set(text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in TENS:
            total += (digit or 1) * TENS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit


def citation(text: str) -> Citation:
    """What a basis cites; without an article the whole text is the title."""
    found = [number_of(spelled) for spelled in ARTICLE.findall(text)]
    title = TITLE.search(text)
    law = (
        title.group(1)
        if title
        else re.split(r"第\s*[零〇一二三四五六七八九十百千两\d]+\s*[条章]", text)[0]
    )
    bars = "|" + "".join(f"{number}|" for number in found) if found else ""
    return Citation(re.sub(r"[（(].*?[)）]", "", law).strip(" ，,：:")[:200], bars[:200])
