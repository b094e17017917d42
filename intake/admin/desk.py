"""The start page's panel: what waits for this person."""

from typing import Any

from django.urls import reverse

from common import time
from intake.models import Case
from organisations.models import User

SHOWN = 8


def build_panel(user: User) -> dict[str, Any] | None:
    """The first cases on this desk by due time, and how many there are; None for strangers."""
    if not user.has_perm("intake.view_case"):
        return None
    mine = Case.objects.visible_to(user).on_desk_of(user)
    now = time.now()
    return {
        "cases": list(mine.for_list().by_due()[:SHOWN]),
        "count": mine.count(),
        "late": mine.overdue(now).count(),
        "today": mine.due_before(time.end_of_day(time.today())).count(),
        "list_url": reverse("admin:intake_case_changelist") + "?desk=mine",
        "window_url": reverse("admin:window") if user.has_perm("intake.receive_case") else "",
    }
