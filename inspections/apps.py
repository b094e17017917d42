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
        from common.search import register_search
        from common.site import PageLink, register_page
        from deadlines.registry import register_subject
        from documents.registry import register_paper
        from inspections import parts
        from inspections.services import clocks, papers

        self._grant()
        register_page(
            PageLink("inspections:home", _("Inspections"), "inspections.view_campaign", order=40)
        )
        register_search("inspected_subject", _("inspected subjects"), parts.find_subjects)
        register_search("inspection_order", _("orders to rectify"), parts.find_orders)
        register_subject(clocks.ORDER_KIND, parts.order_links, lock=clocks.hold_order)
        register_subject(clocks.RESULT_KIND, parts.result_links, lock=clocks.hold_visit)
        register_paper(papers.ORDER_PAPER)

    def _grant(self) -> None:
        """Seeing is for all who inspect or supervise; each deed for its role."""
        from inspections.choices import FIELD_ROLES, SEEING_ROLES
        from organisations.choices import Role
        from organisations.registry import grant

        shown = (
            "campaign", "subject", "visit", "problem", "order", "checklistversion",
            "programmeprofile", "interview", "samplingbatch",
        )  # fmt: skip
        for role in SEEING_ROLES:
            grant(role, *(f"inspections.view_{name}" for name in shown))
        for role in FIELD_ROLES:
            grant(role, "inspections.conduct_visit")
        grant(Role.HEAD, "inspections.approve_visit", "inspections.manage_campaign")
        grant(
            Role.ADMINISTRATOR,
            "inspections.manage_campaign",
            "inspections.add_programmeprofile",
            "inspections.change_programmeprofile",
        )
