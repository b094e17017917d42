"""What the services leave of one walk, taken off as a mould for many cases like it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction

from deadlines.models import Clock, ClockEvent
from intake.models import Application, Case, CaseClock, CaseEvent, CaseMaterial
from notifications.models import InboxMessage

SEALED = ("form", "agent")
Walk = Callable[[], Application]


@dataclass(frozen=True)
class Mould:
    """The rows of one application; people, keys and numbers are to be replaced in every copy.

    Its papers are not among them: printing takes a hundred times as long as all else.
    """

    application: Application
    plain: dict[str, str]
    rows: dict[type[models.Model], list[models.Model]]

    @property
    def next_rungs(self) -> list[datetime]:
        """When the clocks reach their next rungs."""
        clocks = (row for row in self.rows[Clock] if isinstance(row, Clock))
        return [clock.next_stage_at for clock in clocks if clock.next_stage_at]


def take_mould(walk: Walk) -> Mould:
    """The mould of what ``walk`` leaves; nothing of it stays.

    The caller is in a transaction. What the services refuse is raised as they raise it.
    """
    with transaction.atomic():
        mould = _mould_of(walk())
        transaction.set_rollback(True)
    return mould


def _mould_of(application: Application) -> Mould:
    plain = {name: application.reveal(name) for name in SEALED}
    application.receipt = None
    return Mould(application, plain, _rows_about(application))


def _rows_about(application: Application) -> dict[type[models.Model], list[models.Model]]:
    """Everything but people, official numbers and papers; who is referred to comes first."""
    cases = Case.objects.filter(application=application)
    clocks = Clock.objects.filter(case_link__case__in=cases)
    told = InboxMessage.objects.filter(
        subject_kind="case", subject_id__in=cases.values_list("number", flat=True)
    )
    found: tuple[tuple[type[models.Model], Iterable[models.Model]], ...] = (
        (Clock, clocks.order_by("pk")),
        (Case, cases.order_by("pk")),
        (CaseMaterial, CaseMaterial.objects.filter(case__in=cases).order_by("pk")),
        (CaseClock, CaseClock.objects.filter(case__in=cases).order_by("pk")),
        (CaseEvent, CaseEvent.objects.filter(case__in=cases).order_by("case", "seq")),
        (ClockEvent, ClockEvent.objects.filter(clock__in=clocks).order_by("clock", "seq")),
        (InboxMessage, told.order_by("pk")),
    )
    return {model: list(rows) for model, rows in found}
