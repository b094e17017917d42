"""What the clocks do when Django tells them something."""

from typing import Any

from django.db import connections

from deadlines.models import CalendarNotice, CalendarVersion, ClockRule, Closure
from deadlines.services import load_shipped_calendar, load_shipped_rules


def load_shipped_data(using: str, **_kwargs: Any) -> None:
    """After a migrate calendar and rules stand, on a fresh database and after a flush."""
    tables = connections[using].introspection.table_names()
    wanted = (CalendarVersion, CalendarNotice, Closure, ClockRule)
    if all(model._meta.db_table in tables for model in wanted):
        load_shipped_calendar()
        load_shipped_rules()
