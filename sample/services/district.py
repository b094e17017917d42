"""The whole district in one transaction: all of it, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common import time
from deadlines.services import current_calendar, sweep
from intake.models import Case
from organisations.models import Region, User
from organisations.services import issue_client_token, system_user
from sample.errors import ProductionRefused, SampleRefused
from sample.services.agenda import Agenda, last_workdays
from sample.services.campaign import NEWSPAPER, SMALL, Field, Scale, campaign_walks
from sample.services.cases import Teller, night_watch, story_rows
from sample.services.cast import Cast
from sample.services.items import import_items, write_bundles
from sample.services.people import People
from sample.services.places import Places, build_places, point_rows
from sample.services.staff import CLIENT, build_staff

Say = Callable[[str], None]
SMALL_STREETS = frozenset({"410503004", "410503001"})
TOKEN_NAME = "示例接口令牌"  # noqa: S105 - the name of a token, not a token
BEFORE_STORIES = 5


@dataclass(frozen=True)
class LoadOptions:
    """Which district: the same seed and day give the same one."""

    seed: int = 1
    day: date | None = None
    small: bool = False

    @property
    def loading_day(self) -> date:
        """The day before whose first minute everything has happened."""
        return self.day or time.today()

    @property
    def scale(self) -> Scale:
        """How large the campaign is."""
        return SMALL if self.small else NEWSPAPER


@dataclass(frozen=True)
class LoadReport:
    """What stands after the load."""

    regions: int
    users: int
    items: int
    cases: int
    campaign: str
    token: str


def refuse_wrong_house() -> None:
    """Pass silently in an empty house that is not in service.

    Raises:
        ProductionRefused: the house is in production.
        SampleRefused: somebody's data are here already.
    """
    if settings.PRODUCTION:
        raise ProductionRefused
    if Region.objects.exists() or User.objects.exclude(kind="system").exists():
        raise SampleRefused


def _nothing(_text: str) -> None:
    """Nobody listens."""


def load_district(options: LoadOptions, *, say: Say = _nothing) -> LoadReport:
    """The sample district stands.

    Raises:
        ProductionRefused, SampleRefused: this house takes no sample data.
        CatalogueUnusable: the shipped catalogue was refused.
    """
    refuse_wrong_house()
    with transaction.atomic():
        return _Loader(options, say).run()


class _Loader:
    """One load, step by step."""

    def __init__(self, options: LoadOptions, say: Say) -> None:
        self.options, self.say = options, say
        self.day = options.loading_day
        self.calendar = current_calendar()
        self.staff = People(Random(f"{options.seed}-staff"))
        self.applicants = People(Random(f"{options.seed}-applicants"))
        self.first = self._first_day()

    def run(self) -> LoadReport:
        """The district stands; each part says so."""
        with time.freeze(time.at_local(self.first) + timedelta(hours=8)):
            places, users = self._organisation()
            items = self._catalogue()
        cast = Cast(users)
        agenda = Agenda(time.at_local(self.day) + timedelta(minutes=5))
        field = self._campaign(agenda, places, cast)
        self._stories(agenda, places, cast)
        self._tell(agenda)
        token = self._token(users)
        return LoadReport(
            regions=Region.objects.count(),
            users=len(users),
            items=items,
            cases=Case.objects.count(),
            campaign=str(field.running),
            token=token,
        )

    def _first_day(self) -> date:
        """Some days before the eldest story, when the house was set up."""
        eldest = max(int(row["days_ago"]) for row in story_rows(small=self.options.small))
        return last_workdays(self.calendar, self.day, eldest + BEFORE_STORIES)[0]

    def _organisation(self) -> tuple[Places, dict[str, User]]:
        streets = SMALL_STREETS if self.options.small else None
        places = build_places(streets)
        self.say(
            _("regions, units, service points: %(count)s points") % {"count": len(places.points)}
        )
        users = build_staff(places, point_rows(streets), self.staff)
        self.say(_("staff and posts: %(count)s accounts") % {"count": len(users)})
        return places, users

    def _catalogue(self) -> int:
        job = import_items(system_user("sample"))
        self.say(_("catalogue: %(new)s items imported and published") % job.report["summary"])
        write_bundles(system_user("sample"))
        return int(job.report["summary"]["new"])

    def _campaign(self, agenda: Agenda, places: Places, cast: Cast) -> Field:
        scale = self.options.scale
        field = Field(
            cast=cast,
            calendar=self.calendar,
            lot=Random(f"{self.options.seed}-campaign"),
            scale=scale,
            unit=places.units["410503-SC"],
        )
        days = last_workdays(self.calendar, self.day, scale.workdays)
        agenda.add(*campaign_walks(field, days))
        return field

    def _stories(self, agenda: Agenda, places: Places, cast: Cast) -> None:
        teller = Teller(places, cast, self.applicants, self.calendar)
        found = story_rows(small=self.options.small)
        agenda.add(*teller.walks(found, before=self.day, seed=self.options.seed))
        agenda.add(night_watch(self.first, self.day))

    def _tell(self, agenda: Agenda) -> None:
        month = 0
        for day in agenda.run():
            if day.month != month:
                month = day.month
                self.say(_("cases and inspections: %(day)s") % {"day": day})
        with time.freeze(agenda.until):
            sweep()

    def _token(self, users: dict[str, User]) -> str:
        _row, plain = issue_client_token(user=users[CLIENT], name=TOKEN_NAME)
        return plain
