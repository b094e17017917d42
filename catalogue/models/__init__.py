"""Tables of the catalogue: an item, its versions, their parts, what happened."""

from catalogue.models.events import ItemEvent
from catalogue.models.items import Item
from catalogue.models.parts import Faq, MaterialRequirement, Step, VersionBasis
from catalogue.models.versions import ItemVersion

__all__ = [
    "Faq",
    "Item",
    "ItemEvent",
    "ItemVersion",
    "MaterialRequirement",
    "Step",
    "VersionBasis",
]
