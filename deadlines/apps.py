"""The engine of time limits."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    """Calendar of working days, rules, clocks, stages, sweep."""

    name = "deadlines"
    verbose_name = _("time limits")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Shipped data are loaded after a migrate; every post may read the clocks in its scope."""
        from deadlines import checks, receivers  # noqa: F401
        from deadlines.services.office import next_opening
        from notifications.registry import register_office_hours
        from organisations.choices import Role
        from organisations.registry import grant

        post_migrate.connect(
            receivers.load_shipped_data,
            sender=self,
            dispatch_uid="deadlines.load_shipped_data",
        )
        register_office_hours(next_opening)
        clocks = ("clock", "clockevent", "stagefire")
        engine = (
            "clockrule",
            "calendarversion",
            "calendarday",
            "calendarnotice",
            "closure",
            "sweeprun",
        )
        for role in Role:
            grant(role, *(f"deadlines.view_{name}" for name in clocks))
        for role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
            grant(role, *(f"deadlines.view_{name}" for name in engine))
        grant(Role.ADMINISTRATOR, "deadlines.add_calendarnotice", "deadlines.add_closure")
