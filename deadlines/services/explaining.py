"""The words and articles of an explanation: what the marks of ``rules.explain`` say aloud."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from deadlines.choices import PROMISE_ONLY_GROUNDS, DayStatus
from deadlines.models import CalendarDay, ClockRule
from deadlines.rules import WorkCalendar
from deadlines.rules.calendar import SATURDAY
from deadlines.rules.explain import BY_CALENDAR, NUMBERED, Kind, Mark, Note

KEPT_LINES = 500_000
CACHED_EDITIONS = 8

AFTER_THE_START = "民法典第201条"
CORRESPONDING_DAY = "民法典第202条"
END_OF_LIMIT = "民法典第203条"
WEEKLY_REST = "国务院关于职工工作时间的规定第7条"
HOLIDAYS = "全国年节及纪念日放假办法"
PAUSE_OF_LICENCES = "行政许可法第45条"
PAUSE_OF_PROMISE = "安阳市政务服务条例第37条"
EXTENSION_OF_LICENCES = "行政许可法第42条"
# What each law says about days in its limits; other rules count as their own article says.
WORKDAYS_OF = {"行政许可法": "行政许可法第82条", "行政处罚法": "行政处罚法第85条"}


class NamedDay(NamedTuple):
    """What the calendar says of a day that is not what its weekday says."""

    label: str
    notice: str
    status: str


@lru_cache(maxsize=CACHED_EDITIONS)
def named_days(edition: str) -> dict[int, NamedDay]:
    """Holidays and make-up working days of an edition, by ordinal of the day."""
    rows = CalendarDay.objects.filter(version_id=edition)
    values = rows.values_list("day", "label", "notice", "status")
    return {day.toordinal(): NamedDay(*rest) for day, *rest in values}


def counting_article(basis: str) -> str:
    """The article that makes the limit one of working days; the licence law's for a free limit."""
    if not basis:
        return WORKDAYS_OF["行政许可法"]
    return next((text for law, text in WORKDAYS_OF.items() if basis.startswith(law)), basis)


def _joined(parts: Iterable[str]) -> str:
    return _("; ").join(dict.fromkeys(part for part in parts if part))


class Teller:
    """Tells the notes of one rule (or of a free limit) on one edition; keeps lines it has told."""

    def __init__(self, calendar: WorkCalendar, rule: ClockRule | None = None) -> None:
        self.calendar = calendar
        self.basis = rule.legal_basis if rule else ""
        self.counting = counting_article(self.basis)
        self._days = named_days(calendar.code)
        self._lines: dict[Note, str] = {}
        self._sayings: dict[tuple[Any, ...], str] = {}

    def line(self, note: Note) -> dict[str, Any]:
        """One day of the explanation, as every door shows it."""
        return json.loads(self.text(note))

    def text(self, note: Note) -> str:
        """The line as JSON. Told once and kept, for batches ask about the same days."""
        known = self._lines.get(note)
        if known is None:
            if len(self._lines) >= KEPT_LINES:
                self._lines.clear()
            known = self._lines[note] = self._told_line(note)
        return known

    def _told_line(self, note: Note) -> str:
        numbers = (_number(note.statute), _number(note.promise))
        return (
            f'{{"day": "{note.day.isoformat()}", "counts": {_spelled(note.counts)}, '
            f'"statutory_day": {_spelled(numbers[0])}, "promised_day": {_spelled(numbers[1])}, '
            f"{self._said(note)}}}"
        )

    def _said(self, note: Note) -> str:
        """Why, article and reservation; the same for every day of the same kind."""
        named = self._days.get(note.day.toordinal())
        weekend, provisional = note.day.weekday() >= SATURDAY, self.is_provisional(note)
        marks = tuple(_shape(mark) for mark in (note.statute, note.promise))
        key = (marks, note.statute_ends, note.promise_ends, named, weekend, provisional)
        if key not in self._sayings:
            said = json.dumps(self._words(note, provisional=provisional), ensure_ascii=False)
            self._sayings[key] = said[1:-1]
        return self._sayings[key]

    def _words(self, note: Note, *, provisional: bool) -> dict[str, Any]:
        told = [self._told(mark, note) for mark in note.marks]
        return {
            "why": _joined([self._why([why for why, _article in told]), *_ends(note)]),
            "article": _joined([article for _why, article in told] + _end_article(note)),
            "provisional": provisional,
        }

    def cell_words(self, note: Note) -> list[str]:
        """The few short words a cell of the month calendar has room for."""
        kinds = {mark.kind for mark in note.marks}
        paused = _paused_word(note) if Kind.PAUSED in kinds else ""
        words = [*_figures(note), paused, self._day_word(note, kinds), _end_word(note)]
        return [word for word in words if word]

    def _day_word(self, note: Note, kinds: set[str]) -> str:
        if Kind.REST in kinds:
            named = self._days.get(note.day.toordinal())
            return named.label if named else _("rest day")
        short = {
            Kind.START: _("counted from here"),
            Kind.SAME_DAY: _("same day"),
            Kind.ROLLED: _("moved on"),
            Kind.EVENT: _("event day"),
        }
        return next((short[kind] for kind in kinds if kind in short), self._hours(note))

    def _hours(self, note: Note) -> str:
        minutes = [mark.number for mark in note.marks if mark.kind == Kind.HOURS]
        return f"{minutes[0] // 60}:{minutes[0] % 60:02}" if minutes else ""

    def is_provisional(self, note: Note) -> bool:
        """Whether the day counts or rests by a calendar that no notice covers yet."""
        by_calendar = any(mark.kind in BY_CALENDAR for mark in note.marks)
        return by_calendar and not self.calendar.is_official(note.day)

    def _why(self, whys: list[str]) -> str:
        if len(set(whys)) <= 1:
            return whys[0] if whys else ""
        return _("promised limit: %(promise)s; statutory limit: %(statute)s") % {
            "statute": whys[0],
            "promise": whys[1],
        }

    def _told(self, mark: Mark, note: Note) -> tuple[str, str]:
        if mark.kind == Kind.REST:
            return self._rest(note)
        if mark.kind == Kind.WORKDAY:
            return self._workday(note)
        if mark.kind == Kind.PAUSED:
            return self._paused(mark)
        return self._plain(mark)

    def _rest(self, note: Note) -> tuple[str, str]:
        named = self._days.get(note.day.toordinal())
        if named is None:
            return _("weekend, not counted"), WEEKLY_REST
        if named.status == DayStatus.CLOSURE:
            return _("%(closure)s, offices shut, not counted") % {
                "closure": named.label
            }, named.notice
        why = _("%(holiday)s, not counted") % {"holiday": named.label}
        return why, HOLIDAYS if named.status == DayStatus.PROVISIONAL else named.notice or HOLIDAYS

    def _workday(self, note: Note) -> tuple[str, str]:
        named = self._days.get(note.day.toordinal())
        if named is None or note.day.weekday() < SATURDAY:
            return _("working day"), self.counting
        return _("make-up working day"), named.notice or self.counting

    def _paused(self, mark: Mark) -> tuple[str, str]:
        why = _("paused, not counted")
        if mark.ground:
            why = _("paused (%(ground)s), not counted") % {"ground": mark.ground}
        own = PAUSE_OF_PROMISE if mark.ground in PROMISE_ONLY_GROUNDS else ""
        licence = "" if self.basis and "行政许可法" not in self.basis else PAUSE_OF_LICENCES
        return why, mark.article or own or licence or self.basis

    def _plain(self, mark: Mark) -> tuple[str, str]:
        made = {
            Kind.START: (_("day of the start, not counted"), AFTER_THE_START),
            Kind.SAME_DAY: (_("to be done on the day itself"), self.basis),
            Kind.EXTENDED: (_("counted by the extension"), self.basis or EXTENSION_OF_LICENCES),
            Kind.DAY: (_("calendar day"), self.basis or AFTER_THE_START),
            Kind.WITHIN: (_("within the limit"), self.basis or CORRESPONDING_DAY),
            Kind.HOURS: (_duration(mark.number), self.basis or AFTER_THE_START),
            Kind.ROLLED: (_("the last day was a day off, so the end moves on"), END_OF_LIMIT),
            Kind.BETWEEN: (_("counted back from the event"), self.basis),
            Kind.LAST: (_("last day on which the act may be done"), self.basis),
            Kind.EVENT: (_("day of the event, not counted"), AFTER_THE_START),
        }
        return made[mark.kind]


def _figures(note: Note) -> list[str]:
    promise, statute = _number(note.promise), _number(note.statute)
    if promise is None or statute is None or promise == statute:
        return [str(promise or statute or "")]
    return [
        _("promise %(count)s") % {"count": promise},
        _("statute %(count)s") % {"count": statute},
    ]


def _paused_word(note: Note) -> str:
    paused = [mark for mark in note.marks if mark.kind == Kind.PAUSED]
    if len(paused) == len(note.marks):
        return _("not counting")
    return _("promise rests") if note.promise in paused else _("statute rests")


def _end_word(note: Note) -> str:
    if _is_last_permitted(note):
        return _("latest day")
    if note.statute_ends and note.promise_ends:
        return _("both end")
    if note.statute_ends:
        return _("statute ends")
    return _("promise ends") if note.promise_ends else ""


def _shape(mark: Mark | None) -> Mark | None:
    """The mark without its count, which the words do not tell; minutes they do."""
    if mark is None or mark.kind == Kind.HOURS:
        return mark
    return Mark(mark.kind, 0, mark.ground, mark.article)


def _spelled(value: int | None) -> str:
    """A number, truth or nothing as JSON."""
    if value is None:
        return "null"
    return str(value).lower()


def _number(mark: Mark | None) -> int | None:
    counted = mark is not None and (mark.kind in NUMBERED or mark.kind == Kind.LAST)
    return mark.number or None if counted and mark else None


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not rest:
        return _("%(hours)s h counted") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min counted") % {"hours": hours, "minutes": rest}


def _is_last_permitted(note: Note) -> bool:
    return note.statute is not None and note.statute.kind == Kind.LAST


def _ends(note: Note) -> list[str]:
    if _is_last_permitted(note):
        return []
    if note.statute_ends and note.promise_ends:
        return [_("both limits end")]
    if note.statute_ends:
        return [_("the statutory limit ends")]
    return [_("the promised limit ends")] if note.promise_ends else []


def _end_article(note: Note) -> list[str]:
    hours = any(mark.kind == Kind.HOURS for mark in note.marks)
    return [END_OF_LIMIT] if _ends(note) and not hours else []
