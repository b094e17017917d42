"""What other apps may show of a clock: the remaining-time chip and its words."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import dateformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import time
from deadlines.choices import ClockState, Debtor, Tone, Unit
from deadlines.models import Clock
from deadlines.rules import Measure, measure
from deadlines.rules.remaining import tone_of
from deadlines.services import calendar_of
from deadlines.services.tracing import answer_for, as_question

SHAPES = {
    Tone.OK: "●",
    Tone.WARN: "▲",
    Tone.YELLOW: "◆",
    Tone.RED: "■",
    Tone.PAUSED: "‖",
    Tone.DONE: "✓",
}


@dataclass(frozen=True)
class Remaining:
    """What the chip says. ``text`` is what a list shows; the rest explains it."""

    tone: Tone
    words: str
    due_on: date
    absolute_text: str
    workdays: int
    hours: int
    provisional: bool = False
    verified: bool = True

    @property
    def text(self) -> str:
        """Relative and absolute, such as 剩 3 工作日 · 12月9日, with its reservations."""
        parts = [self.words, self.absolute_text]
        parts += [] if self.verified else [_("basis unverified")]
        parts += [_("provisional")] if self.provisional else []
        return " · ".join(part for part in parts if part)

    @property
    def shape(self) -> str:
        """A shape that says the same without colour."""
        return SHAPES[self.tone]

    @property
    def css(self) -> str:
        """Classes of the chip."""
        hatched = " chip--provisional" if self.provisional else ""
        return f"chip chip--{self.tone}{hatched}"


def day_text(day: date, today: date | None = None) -> str:
    """The day as a list shows it; with the year where it is not this one."""
    this_year = (today or time.today()).year
    return dateformat.format(day, _("j M") if day.year == this_year else _("j M Y"))


def _counted(amount: int, unit: str) -> str:
    plain = {"count": amount}
    if unit == Unit.HOUR:
        return ngettext("%(count)s hour", "%(count)s hours", amount) % plain
    if unit == Unit.WORKDAY:
        return ngettext("%(count)s working day", "%(count)s working days", amount) % plain
    return ngettext("%(count)s day", "%(count)s days", amount) % plain


def _running_words(left: Measure, unit: str) -> str:
    amount = left.in_unit(unit)
    if left.is_over:
        return (
            _("over by %(span)s") % {"span": _counted(amount, unit)} if amount else _("just over")
        )
    if amount == 0:
        return _("ends today") if left.days == 0 else _("ends on a day off")
    return _("%(span)s left") % {"span": _counted(amount, unit)}


def _finished_words(left: Measure, unit: str) -> str:
    amount = left.in_unit(unit)
    if left.is_over:
        over = _("finished %(span)s late") % {"span": _counted(amount, unit)}
        return over if amount else _("finished late")
    early = _("finished %(span)s early") % {"span": _counted(amount, unit)}
    return early if amount else _("finished in time")


def _measured(clock: Clock, at: datetime) -> Measure:
    held = clock.told_until if clock.is_held(at) else None
    calendar = calendar_of(clock.calendar_id)
    return measure(at, clock.due_on, clock.due_at, calendar, told_until=held)


def _tone(clock: Clock, left: Measure, at: datetime) -> Tone:
    if not clock.is_open:
        return Tone.DONE
    if clock.is_held(at):
        return Tone.PAUSED
    return tone_of(
        left,
        unit=clock.due_unit,
        statute_passed=clock.is_past_statute(at),
        promise_only=clock.debtor == Debtor.UNIT and clock.promised_due_at is not None,
        cards=clock.verified,
    )


def _words(clock: Clock, left: Measure, at: datetime) -> str:
    if clock.state == ClockState.CANCELLED:
        return _("no longer counted")
    if clock.state == ClockState.LAPSED:
        return str(ClockState.LAPSED.label)
    if clock.state == ClockState.FINISHED:
        return _finished_words(left, clock.due_unit)
    return _("paused") if clock.is_held(at) else _running_words(left, clock.due_unit)


def remaining(clock: Clock, at: datetime | None = None) -> Remaining:
    """What the chip of ``clock`` says at ``at`` (default now); no query once its calendar is read.

    A finished clock is compared with its finish, never with now.
    """
    moment = at or time.now()
    left = _measured(clock, clock.finished_at or moment)
    absolute = day_text(clock.due_on, time.local_date(moment))
    if clock.state == ClockState.CANCELLED:
        absolute = ""
    elif clock.is_held(moment):
        absolute = _("expected %(day)s") % {"day": absolute}
    return Remaining(
        tone=_tone(clock, left, moment),
        words=_words(clock, left, moment),
        due_on=clock.due_on,
        absolute_text=absolute,
        workdays=left.workdays,
        hours=left.hours,
        provisional=clock.provisional,
        verified=clock.verified,
    )


def clock_chip(clock: Clock | None) -> SafeString:
    """The chip as HTML; nothing where no clock runs."""
    if not clock:
        return SafeString()
    return render_to_string("deadlines/chip.html", {"left": remaining(clock)})


def explain_url(clock: Clock) -> str:
    """Where staff read why this clock ends on its day; no query."""
    return reverse("deadlines:clock", args=[clock.pk])


def calculator_url(clock: Clock) -> str:
    """The public calculator with the question of this clock filled in; for single pages.

    It carries dates and lengths only, nothing of the matter or of a person.
    """
    asked = as_question(answer_for(clock))
    pauses = asked.pop("pauses")
    fields = [(name, str(value)) for name, value in asked.items()]
    columns = ("pause_from", "pause_to", "pause_ground")
    rows = [pair for pause in pauses for pair in zip(columns, pause, strict=True)]
    return f"{reverse('deadlines:calculator')}?{urlencode([*fields, *rows])}"
