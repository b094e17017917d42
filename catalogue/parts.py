"""What other apps and the search box may embed."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from catalogue.models import Item
from common.search import Hit


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


class ItemBriefSerializer(serializers.ModelSerializer[Item]):
    """An item as it appears inside other things."""

    department = serializers.CharField(source="department.name", read_only=True)

    class Meta:
        model = Item
        fields = ("code", "name", "department")
