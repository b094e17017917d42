"""The canteen campaign, standing where the newspaper left it on its 6 December."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from common.time import at_local, today
from deadlines.rules import WorkCalendar
from inspections.choices import BatchResult, CampaignKind, ItemResult
from inspections.models import Campaign, CampaignTarget, Dispatch, FollowUp, Order, Visit
from inspections.services import (
    BatchInput,
    CampaignInput,
    Failure,
    InterviewInput,
    ItemFinding,
    add_targets,
    approve_visit,
    correct_everything,
    create_campaign,
    dispatch_officers,
    ensure_profiles,
    hold_interview,
    load_checklist,
    publish_result,
    recheck_visit,
    record_sampling_batch,
    register_subject,
    walk_visit,
)
from organisations.models import Unit, User
from sample import rules
from sample.services.agenda import Walk
from sample.services.cast import Cast
from sample.services.files import DATA, rows
from sample.services.pictures import photo_bytes
from sample.services.staff import INSPECTING, INSPECTORS

UNIT = "410503-SC"
NAME = "校园食品安全专项检查（示例）"
BASIS = "北关区校园食品安全专项检查方案（示例）"
OPENS, RHYTHM = timedelta(hours=8, minutes=40), timedelta(minutes=11)
STUBBORN = 3
"""Every so manieth re-inspection finds only a part corrected; the first one leads to a talk."""


@dataclass(frozen=True)
class Scale:
    """How far the campaign has come on its newspaper day."""

    subjects: int = 121
    visits: int = 87
    person_times: int = 210
    batches: int = 320
    workdays: int = 11
    outings_a_day: int = 7

    @property
    def outings(self) -> int:
        """All outings so far."""
        return self.workdays * self.outings_a_day


NEWSPAPER = Scale()
SMALL = Scale(subjects=12, visits=8, person_times=14, batches=20, workdays=3, outings_a_day=2)


@dataclass
class Field:
    """The campaign while it is carried out."""

    cast: Cast
    calendar: WorkCalendar
    lot: Random
    scale: Scale
    unit: Unit
    campaign: Campaign | None = None
    targets: deque[CampaignTarget] = field(default_factory=deque)
    products: deque[str] = field(default_factory=deque)
    batches: deque[int] = field(init=False)
    sheets: int = 0
    talks: int = 0
    rechecks: int = 0

    def __post_init__(self) -> None:
        """Samples are shared out over the visits."""
        self.batches = deque(rules.shared_out(self.scale.batches, self.scale.visits))

    @property
    def head(self) -> User:
        """Who set the campaign up and approves its visits."""
        return self.cast[f"{INSPECTING}_head"]

    def uuid(self) -> UUID:
        """A key drawn by lot, so that the same lot gives the same key."""
        return UUID(int=self.lot.getrandbits(128), version=4)

    @property
    def running(self) -> Campaign:
        """The campaign, once it stands."""
        assert self.campaign is not None  # noqa: S101 - set up on the eve of its first day
        return self.campaign


def campaign_walks(work: Field, days: list[date]) -> list[Walk]:
    """The eve on which it was set up, then every working day up to the newspaper's."""
    teams = deque(rules.team_sizes(work.scale.outings, work.scale.person_times))
    visits = deque(rules.shared_out(work.scale.visits, work.scale.outings))
    walks = [_set_up(work, days)]
    for day in days:
        places = range(work.scale.outings_a_day)
        walks.extend(
            _outing(work, day, place, size=teams.popleft(), visits=visits.popleft())
            for place in places
        )
        walks.append(_desk_day(work, day))
    return walks


def _set_up(work: Field, days: list[date]) -> Walk:
    yield at_local(work.calendar.before(days[0])) + timedelta(hours=15)
    checklist = load_checklist(
        actor=work.head,
        path=DATA / "canteen_checklist.csv",
        code="canteen",
        name="学校食堂食品安全检查要点表（47项，示例）",
    )
    work.campaign = create_campaign(
        actor=work.head,
        facts=CampaignInput(
            name=NAME,
            kind=CampaignKind.SPECIAL,
            profile=ensure_profiles()["market"],
            checklist=checklist,
            lead_unit=work.unit,
            starts_on=days[0],
            ends_on=work.calendar.add_workdays(days[-1], 15),
            basis=BASIS,
        ),
        client_uuid=work.uuid(),
    )
    work.targets = deque(_registered(work))
    work.products = deque(row["product"] for row in rows("products"))


def _registered(work: Field) -> list[CampaignTarget]:
    """Every subject on the list, in an order drawn by lot; the catering unit comes first."""
    subjects = [
        register_subject(
            actor=work.head,
            subject_type=row["subject_type"],
            name=row["name"],
            region_code=row["region"],
            department=work.unit,
            address=row["address"],
            credit_code=row["credit_code"],
            risk_grade=row["grade"],
            attributes={
                "学校类别": row["school_kind"],
                "就餐人数": row["diners"],
                "经营方式": row["mode"],
            },
        )
        for row in rows("canteens")[-work.scale.subjects :]
    ]
    listed = add_targets(actor=work.head, campaign_id=work.running.pk, subjects=subjects)
    by_subject = {target.subject_id: target for target in listed}
    ordered = [by_subject[subject.pk] for subject in subjects]
    unit = ordered.pop()
    work.lot.shuffle(ordered)
    return [unit, *ordered]


def _outing(work: Field, day: date, place: int, *, size: int, visits: int) -> Walk:
    """One team on one day: first inspections, samples, and a re-inspection that is due."""
    start = at_local(day) + OPENS + RHYTHM * place
    yield start
    team = _team(work, day, place, size)
    dispatch = dispatch_officers(
        actor=team[0], campaign_id=work.running.pk, officers=team, client_uuid=work.uuid()
    )
    for number in range(visits):
        yield start + timedelta(minutes=25 + 95 * number)
        target = work.targets.popleft()
        _inspect(work, target, dispatch, team[0])
        _sample(work, target, team[0], work.batches.popleft())
    yield start + timedelta(hours=5, minutes=40)
    _recheck_one(work, dispatch, team)


def _team(work: Field, day: date, place: int, size: int) -> list[User]:
    first = (3 * place + day.toordinal()) % INSPECTORS
    names = [f"{INSPECTING}{(first + step) % INSPECTORS + 1:02d}" for step in range(size)]
    return [work.cast[name] for name in names]


def _inspect(work: Field, target: CampaignTarget, dispatch: Dispatch, officer: User) -> None:
    amount = work.lot.choice((0, 0, 1, 1, 1, 2, 2, 3))
    chosen = work.lot.sample(rows("failures"), amount)
    walk_visit(
        actor=officer,
        target_id=target.pk,
        dispatch_id=dispatch.pk,
        failures={
            row["code"]: Failure(
                row["text"], row["requirement"], row["standard"], photo_bytes(row["code"])
            )
            for row in chosen
        },
        not_applicable=("4.7", "14.1"),
        client_uuid=work.uuid(),
    )


def _sample(work: Field, target: CampaignTarget, officer: User, amount: int) -> None:
    for _batch in range(amount):
        work.sheets += 1
        work.products.rotate(-1)
        record_sampling_batch(
            actor=officer,
            campaign_id=work.running.pk,
            subject_id=target.subject_id,
            facts=_sheet(work),
            client_uuid=work.uuid(),
        )


def _sheet(work: Field) -> BatchInput:
    made = today() - timedelta(days=work.lot.randint(1, 20))
    return BatchInput(
        code=f"XBJ{today():%y%m}410503{work.sheets:04d}",
        product=work.products[0],
        lot=f"{made:%Y%m%d}",
        sampled_on=today(),
        result=_result(work),
    )


def _result(work: Field) -> BatchResult:
    if work.sheets in {77, 203}:
        return BatchResult.FAIL
    return BatchResult.PENDING if work.lot.random() < 0.3 else BatchResult.PASS


def _recheck_one(work: Field, dispatch: Dispatch, team: list[User]) -> None:
    """The eldest order whose day has come is looked at again; a third is not quite done."""
    waiting = FollowUp.objects.pending().filter(
        order__visit__target__campaign=work.running, order__due_on__lt=today()
    )
    follow_up = waiting.filter(due_on__lte=today() + timedelta(days=2)).order_by("pk").first()
    if follow_up is None or work.lot.random() < 0.2:
        return
    work.rechecks += 1
    order = Order.objects.get(pk=follow_up.order_id)
    if work.rechecks % STUBBORN:
        correct_everything(
            actor=team[0], order=order, dispatch_id=dispatch.pk, note="现场复查，已整改到位。"
        )
        return
    recheck_visit(
        actor=team[0],
        follow_up_id=follow_up.pk,
        dispatch_id=dispatch.pk,
        findings={
            item.pk: ItemFinding(ItemResult.PARTLY, "已部分整改，记录仍不完整。")
            for item in order.items.unsettled()
        },
        client_uuid=work.uuid(),
    )
    _talk_once(work, order, team)


def _talk_once(work: Field, order: Order, team: list[User]) -> None:
    """The one interview of the newspaper (食品安全法 114)."""
    if work.talks:
        return
    work.talks += 1
    hold_interview(
        actor=team[0],
        campaign_id=work.running.pk,
        subject_id=order.visit.target.subject_id,
        facts=InterviewInput(
            held_at=_now_at(16, 10),
            place="区市场监管局约谈室",
            interviewee="食堂负责人（示例）",
            reason=f"{order.number}要求的事项逾期未整改到位",
            demands="三个工作日内完成整改并提交整改报告",
            statement="已知悉问题，承诺按期整改并接受复查。",
            officers=team,
        ),
        client_uuid=work.uuid(),
    )


def _now_at(hour: int, minute: int) -> datetime:
    return at_local(today()) + timedelta(hours=hour, minutes=minute)


def _desk_day(work: Field, day: date) -> Walk:
    """In the evening the head approves what is some days old and publishes the rest."""
    yield at_local(day) + timedelta(hours=16, minutes=40)
    old = at_local(work.calendar.before(work.calendar.before(day)))
    mine = Visit.objects.filter(target__campaign=work.running).order_by("pk")
    for visit in mine.counted().filter(state="submitted", submitted_at__lt=old):
        approve_visit(actor=work.head, visit_id=visit.pk, note="同意。")
    older = old - timedelta(days=4)
    for visit in mine.unpublished().filter(approved_at__lt=older):
        publish_result(actor=work.head, visit_id=visit.pk)
