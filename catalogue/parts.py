"""What other apps and the search box may embed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from catalogue.choices import Necessity
from catalogue.models import Bundle, Item, MaterialRequirement
from common.search import Hit, Scanned


def find_items(user: Any, text: str, limit: int) -> list[Hit]:
    """Items for the search box, within the user's scope."""
    found = Item.objects.visible_to(user).search(text).for_list()[:limit]
    return [_hit(item) for item in found]


def _hit(item: Item) -> Hit:
    promise = item.current.promised_text if item.current else ""
    return Hit(
        title=item.name,
        subtitle=f"{item.department} · {item.code}",
        url=reverse("admin:catalogue_item_change", args=(item.pk,)),
        badge=promise,
    )


def items_scanned(user: Any, scanned: Scanned) -> list[Hit]:
    """The item with this code, from its barcode, its poster or the form filled in at home."""
    codes = (*scanned.codes("guides"), *scanned.question("prefill", "item"))
    rows = Item.objects.visible_to(user).filter(code__in=codes)
    return [_hit(item) for item in rows.for_list()]


def bundles_scanned(user: Any, scanned: Scanned) -> list[Hit]:
    """The bundle with this code, from its barcode or one of its pages."""
    codes = (*scanned.codes("bundles"), *scanned.question("prefill", "bundle"))
    rows = Bundle.objects.visible_to(user).filter(code__in=codes)
    return [
        Hit(
            title=bundle.name,
            subtitle=f"{bundle.lead} · {bundle.code}",
            url=reverse("admin:catalogue_bundle_change", args=(bundle.pk,)),
        )
        for bundle in rows.select_related("lead")
    ]


class ItemBriefSerializer(serializers.ModelSerializer[Item]):
    """An item as it appears inside other things."""

    department = serializers.CharField(source="department.name", read_only=True)

    class Meta:
        model = Item
        fields = ("code", "name", "department")


STRICT = {Necessity.REQUIRED: 0, Necessity.DEFERRABLE: 1, Necessity.OPTIONAL: 2}


def strictest(necessities: Iterable[str]) -> str:
    """What holds where several items ask for one material: required, else deferrable."""
    return min(necessities, key=lambda one: STRICT[Necessity(one)])


@dataclass(frozen=True)
class MergedMaterial:
    """One material that several items ask for, handed in once."""

    name: str
    necessity: str
    asked: tuple[MaterialRequirement, ...]
    serves: tuple[str, ...]

    @property
    def first(self) -> MaterialRequirement:
        """The row that says how it is handed in."""
        return self.asked[0]

    @property
    def copies(self) -> int:
        """As many as the item that asks for most."""
        return max(row.copies for row in self.asked)

    @property
    def necessity_label(self) -> str:
        """Required, optional, or may follow, in the reader's language."""
        return str(Necessity(self.necessity).label)


def merged_materials(bundle: Bundle) -> list[MergedMaterial]:
    """Materials to bring for a bundle, each name once; the strictest item decides (一套资料).

    Required comes before deferrable, deferrable before optional. What a step results in is
    not brought for the next.
    """
    by_name: dict[str, list[tuple[MaterialRequirement, str]]] = {}
    for item in bundle.items:
        asked = item.current.materials.all() if item.current else ()
        for row in (one for one in asked if one.pk not in bundle.spared):
            by_name.setdefault(row.name, []).append((row, item.name))
    return [_merged(name, rows) for name, rows in by_name.items()]


def _merged(name: str, rows: Sequence[tuple[MaterialRequirement, str]]) -> MergedMaterial:
    return MergedMaterial(
        name=name,
        necessity=strictest(row.necessity for row, _item in rows),
        asked=tuple(row for row, _item in rows),
        serves=tuple(item for _row, item in rows),
    )
