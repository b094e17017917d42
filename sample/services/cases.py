"""Cases in every state: stories of a file, told by walking the services."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from catalogue.models import Item, ItemVersion
from common.errors import DomainError
from common.time import at_local
from deadlines.rules import WorkCalendar
from deadlines.services import sweep
from sample.errors import StoryBroken
from sample.services.agenda import Walk, last_workdays, step_time
from sample.services.cast import Cast
from sample.services.files import Row, rows
from sample.services.people import People
from sample.services.places import Places
from sample.services.verbs import VERBS, Scene, Verb

WORD = re.compile(r"([a-z]+)(?:\+(\d+))?(?::(\d+))?")


@dataclass(frozen=True)
class Step:
    """One word of a story: the verb, working days since the last one, the verb's own days."""

    verb: Verb
    wait: int
    days: int


def steps_in(text: str) -> list[Step]:
    """The steps a story tells: ``take begin+1 survey+2:5``."""
    found = []
    for word in text.split():
        match = WORD.fullmatch(word)
        if match is None:
            raise ValueError(word)
        found.append(Step(VERBS[match[1]], int(match[2] or 0), int(match[3] or 0)))
    return found


def _take_step(step: Step, scene: Scene, row: Row) -> None:
    """The step is taken.

    Raises:
        StoryBroken: a service refuses it; story, step and reason are named.
    """
    try:
        step.verb(scene, step.days)
    except DomainError as fault:
        told = f"{row['point']} {row['items']}: {step.verb.__name__}: {fault.message}"
        raise StoryBroken(f"{told} {getattr(fault, 'fields', '')}") from fault


def story_rows(*, small: bool) -> list[Row]:
    """All stories, or those of the small district."""
    return [row for row in rows("stories") if row["small"] or not small]


class Teller:
    """Makes walks of stories."""

    def __init__(self, places: Places, cast: Cast, people: People, calendar: WorkCalendar) -> None:
        """Versions in force are read once."""
        self.places, self.cast, self.people, self.calendar = places, cast, people, calendar
        live = Item.objects.live().select_related("current__item__department")
        self._versions = {
            item.name: item.current for item in live.prefetch_related("current__materials")
        }

    def walks(self, found: list[Row], *, before: date, seed: int) -> Iterator[Walk]:
        """One walk a story, the eldest first."""
        days = last_workdays(self.calendar, before, max(int(row["days_ago"]) for row in found))
        for place, row in enumerate(found):
            lot = Random(f"{seed}-{place}")
            yield self._walk(row, days[-int(row["days_ago"])], place, lot)

    def _versions_of(self, row: Row) -> list[ItemVersion]:
        return [self._versions[name] for name in row["items"].split("+")]

    def _walk(self, row: Row, day: date, place: int, lot: Random) -> Walk:
        scene = Scene(
            cast=self.cast,
            people=self.people,
            calendar=self.calendar,
            lot=lot,
            point=self.places.by_account[row["point"]],
            versions=self._versions_of(row),
            place=place,
        )
        moment: datetime | None = None
        for step in steps_in(row["steps"]):
            day = self.calendar.add_workdays(day, step.wait) if step.wait else day
            moment = step_time(moment, day, lot.randint(5, 400))
            yield moment
            _take_step(step, scene, row)


def night_watch(first: date, last: date) -> Walk:
    """The sweep looks in after midnight and after closing time, day by day."""
    day = first
    while day <= last:
        yield at_local(day) + timedelta(minutes=1)
        sweep()
        yield at_local(day) + timedelta(hours=17, minutes=35)
        sweep()
        day += timedelta(days=1)
