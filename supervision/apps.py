"""Supervision: who looks at the whole and judges it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """Cards and dashboards over everything below."""

    name = "supervision"
    verbose_name = _("supervision")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stages are heard, roles have their permissions, the navigation its entries."""
        from common.site import PageLink, Panel, register_page, register_panel
        from documents.registry import register_files, register_paper
        from intake.registry import register_section
        from organisations.choices import Role
        from organisations.registry import grant
        from supervision import receivers  # noqa: F401
        from supervision.parts import cards_panel, cards_section, files_open_to
        from supervision.services.notices import NOTICE

        answer = [
            f"supervision.{verb}_card" for verb in ("view", "acknowledge", "answer", "appeal")
        ]
        judge = [f"supervision.{verb}_card" for verb in ("view", "uphold", "revoke")]
        look = "supervision.view_dashboard"
        for role in (Role.CLERK, Role.REVIEWER, Role.INSPECTOR):
            grant(role, *answer)
        grant(Role.HEAD, look, *answer)
        grant(Role.SUPERVISOR, look, *judge)
        grant(Role.ADMINISTRATOR, look, *answer, *judge)
        register_paper(NOTICE)
        register_files(files_open_to)
        register_section(cards_section, order=10)
        dashboard = PageLink("supervision:dashboard", _("supervision dashboard"), look, order=80)
        register_page(dashboard)
        register_page(
            PageLink("supervision:mine", _("my cards"), "supervision.answer_card", order=81)
        )
        register_panel(Panel("supervision/cards_panel.html", cards_panel, order=20))
