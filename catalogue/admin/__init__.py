"""Screens of the catalogue for staff."""

from catalogue.admin.bundles import BundleAdmin
from catalogue.admin.items import ItemAdmin

__all__ = ["BundleAdmin", "ItemAdmin"]
