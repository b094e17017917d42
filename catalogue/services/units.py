"""Departments a file names: found by name, short name or code, or added when that is wanted."""

import re
from collections import defaultdict

from django.utils.translation import gettext as _
from stdnum import numdb

from catalogue.rules.text import credit_code_doubt
from common.pinyin import initials
from organisations.choices import RegionLevel, UnitKind
from organisations.models import Region, Unit
from organisations.rules import region_prefix

DISTRICT_DIGITS = 6


def sole_district() -> str:
    """The code of the one district of this installation; empty if there are several or none."""
    codes = Region.objects.filter(level=RegionLevel.DISTRICT).values_list("code", flat=True)[:2]
    return str(codes[0]) if len(codes) == 1 else ""


class UnitBook:
    """Every unit by the words that name it, read once."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[Unit]] = defaultdict(list)
        self._codes: set[str] = set()
        for unit in Unit.objects.order_by("pk"):
            self._enter(unit)

    def _enter(self, unit: Unit) -> None:
        self._codes.add(unit.code)
        for word in {unit.code, unit.name, unit.short_name} - {""}:
            self._by_word[word].append(unit)

    def find(self, word: str, region: str) -> Unit | None:
        """The unit of that name in the region, below it or above it; None if unknown.

        Raises:
            ValueError: several units answer to the word.
        """
        around = [unit for unit in self._by_word.get(word, ()) if _related(unit.region_id, region)]
        near = [unit for unit in around if unit.region_id == region] or around
        if len(near) > 1:
            raise ValueError(
                _("several units are called “%(name)s”: write the unit's code") % {"name": word},
            )
        return near[0] if near else None

    def add(self, *, name: str, region: str, credit_code: str) -> Unit:
        """A new department of that name stands in the region, which is added if need be."""
        sound = credit_code if not credit_code_doubt(credit_code) else ""
        unit = Unit(
            code=self._free_code(sound, name, region),
            credit_code=sound,
            name=name,
            kind=UnitKind.DEPARTMENT,
            region=_region(region),
        )
        unit.save(force_insert=True)
        self._enter(unit)
        return unit

    def _free_code(self, credit_code: str, name: str, region: str) -> str:
        if credit_code and credit_code not in self._codes:
            return credit_code
        stem = f"{region[:DISTRICT_DIGITS]}-{initials(name)[:30] or 'bm'}"
        code, number = stem, 1
        while code in self._codes:
            number += 1
            code = f"{stem}-{number}"
        return code


def _related(unit_region: str, region: str) -> bool:
    if not region:
        return True
    inside, around = region_prefix(region), region_prefix(unit_region)
    return unit_region.startswith(inside) or region.startswith(around)


def _region(code: str) -> Region:
    region = Region.objects.filter(code=code).first()
    if region is None:
        region = Region(code=code, name=_district_name(code), level=RegionLevel.DISTRICT)
        region.save(force_insert=True)
    return region


def _district_name(code: str) -> str:
    """The district's name after GB/T 2260, else its code."""
    for _number, known in numdb.get("cn/loc").info(code[:DISTRICT_DIGITS]):
        if name := re.sub(r"\[[^\]]*\]", "", str(known.get("county", ""))):
            return name
    return code
