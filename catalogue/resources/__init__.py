"""Files of items: read, checked against what is stored, staged for the services; and written."""

from catalogue.resources.columns import COLUMNS, TEMPLATE_HEADINGS
from catalogue.resources.exporting import FORMATS, empty_workbook, export_items
from catalogue.resources.items import ItemResource
from catalogue.resources.staging import stage_file

__all__ = [
    "COLUMNS",
    "FORMATS",
    "TEMPLATE_HEADINGS",
    "ItemResource",
    "empty_workbook",
    "export_items",
    "stage_file",
]
