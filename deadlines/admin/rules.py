"""Rules of time, as the law has them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import CaseworkAdmin
from deadlines.models import ClockRule


@admin.register(ClockRule)
class ClockRuleAdmin(CaseworkAdmin):
    """Limits by article; those not verified only remind."""

    list_display = (
        "code",
        "domain",
        "start_event",
        "amount",
        "unit",
        "legal_basis",
        "shown_verified",
    )
    list_filter = ("domain", "unit", "debtor", "kind")
    search_fields = ("code", "legal_basis", "start_event", "domain")

    @admin.display(description=_("basis verified"), boolean=True)
    def shown_verified(self, rule: ClockRule) -> bool:
        """Whether it may issue cards."""
        return rule.is_verified
