"""What others may embed: figures of a campaign, links and search hits."""

from inspections.parts.figures import Figure, campaign_figures, figure_of
from inspections.parts.links import (
    find_orders,
    find_subjects,
    order_links,
    orders_scanned,
    photos_open_to,
    result_links,
)
from inspections.parts.rows import Row, row_of
from inspections.parts.timeline import Moment, timeline_of

__all__ = [
    "Figure",
    "Moment",
    "Row",
    "campaign_figures",
    "figure_of",
    "find_orders",
    "find_subjects",
    "order_links",
    "orders_scanned",
    "photos_open_to",
    "result_links",
    "row_of",
    "timeline_of",
]
