"""Files of items: read, checked against what is stored, staged for the services."""

from catalogue.resources.columns import COLUMNS, TEMPLATE_HEADINGS
from catalogue.resources.items import ItemResource, stage_file

__all__ = ["COLUMNS", "TEMPLATE_HEADINGS", "ItemResource", "stage_file"]
