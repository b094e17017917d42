"""Tables of the catalogue: an item, its versions, their parts, what happened."""

from catalogue.models.bundles import Bundle, BundleEvent, BundlePart
from catalogue.models.events import ItemEvent
from catalogue.models.findings import LintFinding
from catalogue.models.items import Item
from catalogue.models.parts import (
    Delegation,
    Faq,
    Fee,
    MaterialRequirement,
    Step,
    VersionBasis,
)
from catalogue.models.versions import ItemVersion

__all__ = [
    "Bundle",
    "BundleEvent",
    "BundlePart",
    "Delegation",
    "Faq",
    "Fee",
    "Item",
    "ItemEvent",
    "ItemVersion",
    "LintFinding",
    "MaterialRequirement",
    "Step",
    "VersionBasis",
]
