"""Screens of the catalogue for staff."""

from catalogue.admin.items import ItemAdmin

__all__ = ["ItemAdmin"]
