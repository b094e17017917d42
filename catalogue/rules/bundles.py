"""What a bundle (一件事) is made of: items in steps, written one a line.

Items of one step go side by side (并联); those of a later step are granted only after every
item of the steps before it (串联).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

MOST_PARTS = 10
LEAST_PARTS = 2
MOST_STEPS = 9
COPIES = ("正本", "副本", "正副本", "原件", "复印件")


@dataclass(frozen=True)
class PartLine:
    """One item of a bundle with the step it belongs to, the first being 1."""

    code: str
    step: int = 1


@dataclass(frozen=True)
class BundleCard:
    """A bundle as it is written."""

    code: str
    name: str
    lead: str = ""
    about: str = ""
    parts: tuple[PartLine, ...] = field(default=())

    def told(self) -> dict[str, Any]:
        """What the record keeps of it."""
        return {
            "code": self.code,
            "name": self.name,
            "lead": self.lead,
            "about": self.about,
            "parts": parts_out(self.parts).splitlines(),
        }


def is_result(material: str, result: str) -> bool:
    """Whether a material is what an earlier item results in: 残疾人证（一级、二级） is 残疾人证.

    A copy of it is; a form that only bears its name is not.
    """
    stem = re.split(r"[（(]", material, maxsplit=1)[0].strip()
    return bool(result) and stem in {f"{result}{kind}" for kind in ("", *COPIES)}


def parts_in(text: str) -> tuple[PartLine, ...]:
    """Items of a text: one a line, or split by semicolons; after a bar its step, else 1.

    Raises:
        ValueError: a step is no number, an item stands twice, or the steps leave a gap.
    """
    lines = [line.strip() for line in text.replace("；", "\n").replace(";", "\n").splitlines()]
    found = tuple(_part(line) for line in lines if line)
    fault = next(iter(part_faults(found)), "")
    if fault:
        raise ValueError(fault)
    return found


def _part(line: str) -> PartLine:
    code, _bar, rest = line.replace("｜", "|").partition("|")
    step = rest.strip() or "1"
    if not (step.isdecimal() and 1 <= int(step) <= MOST_STEPS):
        raise ValueError(
            _("“%(line)s”: after the bar stands the step, 1 to %(most)s")
            % {"line": line, "most": MOST_STEPS}
        )
    return PartLine(code.strip(), int(step))


def parts_out(parts: Sequence[PartLine]) -> str:
    """The same as text."""
    return "\n".join(f"{part.code}|{part.step}" for part in parts)


def part_faults(parts: Sequence[PartLine]) -> list[str]:
    """Why these items make no bundle; empty if they do."""
    found = []
    codes = [part.code for part in parts]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        found.append(_("“%(code)s” stands here twice") % {"code": twice[0]})
    if not LEAST_PARTS <= len(parts) <= MOST_PARTS:
        found.append(
            _("a bundle has %(least)s to %(most)s items")
            % {"least": LEAST_PARTS, "most": MOST_PARTS}
        )
    steps = {part.step for part in parts}
    if parts and steps != set(range(1, len(steps) + 1)):
        found.append(_("the steps go from 1 on without a gap"))
    return found
