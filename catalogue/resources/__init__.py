"""Files of items: read, checked against what is stored, staged for the services; and written."""

from catalogue.resources.columns import COLUMNS, TEMPLATE_HEADINGS
from catalogue.resources.exporting import FORMATS, export_items
from catalogue.resources.items import ItemResource, stage_file

__all__ = [
    "COLUMNS",
    "FORMATS",
    "TEMPLATE_HEADINGS",
    "ItemResource",
    "export_items",
    "stage_file",
]
