"""Inspections: subjects, campaigns, visits, orders to rectify, re-inspections."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Market regulation and streets inspect here, switched by a programme profile."""

    name = "inspections"
    verbose_name = _("inspections")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Roles, navigation, search, clocks and papers know inspections."""
        from common.search import register_scan, register_search
        from common.site import PageLink, register_page
        from deadlines.registry import register_subject
        from documents.registry import register_files, register_paper, register_series
        from inspections import parts
        from inspections.choices import PERMISSIONS
        from inspections.services import clocks, papers
        from organisations.registry import grant

        for role, names in PERMISSIONS.items():
            grant(role, *(f"inspections.{name}" for name in names))
        register_page(
            PageLink("inspections:home", _("Inspections"), "inspections.view_campaign", order=40)
        )
        register_search("inspected_subject", _("inspected subjects"), parts.find_subjects)
        register_search("inspection_order", _("orders to rectify"), parts.find_orders)
        register_scan("inspection_order", parts.orders_scanned, order=20)
        register_subject(clocks.ORDER_KIND, parts.order_links, lock=clocks.hold_order)
        register_subject(clocks.RESULT_KIND, parts.result_links, lock=clocks.hold_visit)
        register_paper(papers.ORDER_PAPER)
        register_series("inspection-order-", _("orders to rectify"))
        register_files(parts.photos_open_to)
