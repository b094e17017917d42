"""A load of open cases: a few walk through the services, many more are written after them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.conf import settings
from django.db import connection, transaction

from catalogue.choices import ServiceObject
from catalogue.models import Item, ItemVersion
from common.errors import DomainError
from common.time import at_local, freeze, now, today
from deadlines.services import current_calendar
from intake.models import Applicant, Application
from intake.services import ApplicantInput, hand_in_application
from intake.services.opening import next_receipts
from organisations.models import ServicePoint, User, Window
from sample import rules
from sample.errors import AmountUnusable, LoadRefused, NothingOnOffer
from sample.services import desk
from sample.services.agenda import OPENS, last_workdays
from sample.services.cast import Cast
from sample.services.copies import Copies
from sample.services.moulds import Mould, take_mould
from sample.services.people import Crowd
from sample.services.sealing import Seal, SealedPeople, sealer
from sample.services.sheets import keep_pages_at_hand

MOULDS, LARGEST = 100, 20_000
"""How many walks vary the load, and the most cases written at a time after one."""
DAYS = 5
OPEN_MINUTES = 470
ATTEMPTS = 60
Say = Callable[[int], None]
ANYBODY = ApplicantInput(
    name="某人",
    id_number=rules.nobody_number(-1),
    mobile=rules.mobile_number(0),
    address="示例路1号",
)
"""Whoever walks for the others; nothing of him stays."""


@dataclass(frozen=True)
class LoadWanted:
    """So many cases; the same seed in the same house gives the same ones."""

    cases: int
    seed: int = 1
    in_production: bool = False

    def batches(self) -> list[int]:
        """Sizes of the batches, which add up to the cases."""
        most = min(max(self.cases // MOULDS, 1), LARGEST)
        whole, rest = divmod(self.cases, most)
        return [most] * whole + [rest] * bool(rest)


@dataclass(frozen=True)
class Seat:
    """A clerk at his window, and what he may take in."""

    clerk: User
    point: ServicePoint
    window: Window | None
    versions: Sequence[ItemVersion]


def generate_load(wanted: LoadWanted, *, say: Say) -> None:
    """So many more cases are accepted and run within their limits; batch by batch, each whole.

    They were handed in at windows in the last five working days, and no reminder was due
    yet. The rows are those of the services except for the papers, which are not printed:
    neither receipt nor notice, nor the notice's number.

    Raises:
        AmountUnusable: fewer than one.
        LoadRefused: the house is in production and nobody said that it shall be.
        NothingOnOffer: nobody sits at a window, or no item runs long enough.
    """
    if wanted.cases < 1:
        raise AmountUnusable
    if settings.PRODUCTION and not wanted.in_production:
        raise LoadRefused
    _Load(wanted).run(say)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def moments(days: Sequence[date], amount: int) -> list[datetime]:
    """So many instants in order, evenly over the office hours of the days."""
    found = []
    for place in range(amount):
        day, part = divmod(place * len(days), amount)
        minutes = timedelta(minutes=OPEN_MINUTES * part // amount)
        found.append(at_local(days[day], OPENS) + minutes)
    return found


def _seats() -> list[Seat]:
    """Every window with a clerk where some item may be applied for by persons."""
    users = User.objects.filter(is_staff=True).order_by("pk")
    cast, known = Cast({user.username: user for user in users}), _known_versions()
    found = []
    for point in ServicePoint.objects.select_related("unit", "region").order_by("code"):
        keys = Item.objects.acceptable_at(point).order_by("code").values_list("current", flat=True)
        versions = [known[key] for key in keys if key in known]
        if versions:
            found += [Seat(clerk, point, window, versions) for clerk, window in cast.clerks(point)]
    return found


def _known_versions() -> dict[int, ItemVersion]:
    """Versions in force that serve persons and leave enough time."""
    live = Item.objects.live().select_related("current__item__department")
    versions = (item.current for item in live.prefetch_related("current__materials"))
    return {version.pk: version for version in versions if _serves(version)}


def _serves(version: ItemVersion) -> bool:
    limit = version.promised_limit or version.statutory_limit
    long_enough = limit is not None and limit.amount > DAYS
    return long_enough and ServiceObject.PERSON in version.service_objects


@dataclass(frozen=True)
class _Batch:
    """So many cases after one mould, to be written in one transaction."""

    seat: Seat
    mould: Mould
    amount: int
    moment: datetime
    people: Future[SealedPeople]

    def store(self) -> None:
        """The cases stand, with numbers of the point's series."""
        point, clerk = self.seat.point, self.seat.clerk
        numbers = next_receipts(point, now(), self.amount, actor=clerk)
        Copies(self.mould, self.people.result(), numbers).store()


def _one_ahead(batches: Iterator[_Batch]) -> Iterator[_Batch]:
    """The same batches, each given once the next one is being sealed."""
    waiting = next(batches)
    for batch in batches:
        yield waiting
        waiting = batch
    yield waiting


class _Load:
    """One load, batch by batch."""

    def __init__(self, wanted: LoadWanted) -> None:
        self.wanted = wanted
        self.lot = Random(f"{wanted.seed}-load")
        self.crowd = Crowd(Random(f"{wanted.seed}-crowd"), Applicant.objects.count())
        self.seats, self.now = _seats(), now()
        if not self.seats:
            raise NothingOnOffer

    def run(self, say: Say) -> None:
        """Every batch stands; ``say`` hears how many cases stand so far."""
        done = 0
        keep_pages_at_hand()
        with sealer(self.wanted.cases) as seal:
            for batch in _one_ahead(self._batches(seal)):
                with freeze(batch.moment), transaction.atomic():
                    batch.store()
                done += batch.amount
                say(done)

    def _batches(self, seal: Seal) -> Iterator["_Batch"]:
        """Batches with their moulds, whose people are being sealed."""
        sizes = self.wanted.batches()
        days = last_workdays(current_calendar(), today(), DAYS)
        for amount, moment in zip(sizes, moments(days, len(sizes)), strict=True):
            with freeze(moment), transaction.atomic():
                seat, mould = self._fitting()
            street = seat.point.region.name
            people = [self.crowd.draw(street) for _place in range(amount)]
            first_seen = mould.application.applicant.created_at
            sealed = seal(people, mould.plain, first_seen)
            yield _Batch(seat, mould, amount, moment, sealed)

    def _fitting(self) -> tuple[Seat, Mould]:
        """A case none of whose rungs was passed before the load began."""
        for _attempt in range(ATTEMPTS):
            seat = self.lot.choice(self.seats)
            mould = self._mould(seat, self.lot.choice(seat.versions))
            if mould and all(rung > self.now for rung in mould.next_rungs):
                return seat, mould
        raise NothingOnOffer

    def _mould(self, seat: Seat, version: ItemVersion) -> Mould | None:
        """None for an item that the house itself refuses, such as one no font can print."""
        try:
            return take_mould(lambda: self._walk(seat, version))
        except DomainError:
            return None

    def _walk(self, seat: Seat, version: ItemVersion) -> Application:
        """Somebody hands in everything that the item asks for, and it is accepted."""
        return hand_in_application(
            actor=seat.clerk,
            point=seat.point,
            window=seat.window,
            applicant=ANYBODY,
            orders=[desk.order_of(version, self.lot)],
            materials=desk.materials_of([version]),
        )
