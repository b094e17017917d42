"""Steps of a case's story: each word of a story is one verb of intake, approvals, supervision."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from approvals import services as approvals
from approvals.choices import DeliveryMethod, Outcome, TerminationGround
from catalogue.models import ItemVersion
from common import time
from deadlines.choices import Ground
from deadlines.rules import WorkCalendar
from intake import services as intake
from intake.choices import CaseResult, Channel, MaterialStatus, RefusalGround
from intake.models import Application, Case
from organisations.models import ServicePoint, User, Window
from sample.services import desk
from sample.services.cast import Cast
from sample.services.people import People
from sample.services.staff import CLIENT, SUPERVISING
from supervision import services as supervision
from supervision.models import Card

AGREED = (
    "材料齐全，符合条件，拟同意。",
    "经核对，情况属实，建议办理。",
    "符合受理条件和审查标准，同意。",
)
GRANTED = ("同意。", "符合条件，准予办理。", "同意办理，按规定送达。")
REFUSED = "经审查，申请人情况不符合本事项规定的条件，不予办理。"


@dataclass
class Scene:
    """One application while its story is told."""

    cast: Cast
    people: People
    calendar: WorkCalendar
    lot: Random
    point: ServicePoint
    versions: list[ItemVersion]
    place: int
    application: Application | None = None
    window: Window | None = None
    clerk: User = field(init=False)

    def __post_init__(self) -> None:
        """A clerk of the point looks after the story."""
        self.clerk, self.window = self.cast.clerk(self.point, self.place)

    def cases(self) -> list[Case]:
        """The cases as they stand now."""
        assert self.application is not None  # noqa: S101 - a story begins with an application
        rows = Case.objects.filter(application=self.application)
        return list(rows.select_related("department", "application__applicant").order_by("pk"))

    def workdays_on(self, amount: int) -> date:
        """The day so many working days from today."""
        return self.calendar.add_workdays(time.today(), amount)


Verb = Callable[[Scene, int], None]


def _hand_in(scene: Scene, *, days: int = 0, lacking: bool = False, deferred: int = 0) -> None:
    until = scene.workdays_on(deferred) if deferred else None
    materials = desk.materials_of(scene.versions, lacking=lacking, deferred_until=until)
    if scene.place % 3 == 0:
        materials = desk.with_scan(materials, clerk=scene.clerk, point=scene.point)
    scene.application = intake.hand_in_application(
        actor=scene.clerk,
        point=scene.point,
        window=scene.window,
        applicant=_applicant(scene),
        orders=[desk.order_of(version, scene.lot) for version in scene.versions],
        materials=materials,
        correction_due_on=scene.workdays_on(days) if days else None,
    )


def _applicant(scene: Scene) -> intake.ApplicantInput:
    return desk.applicant_for(scene.versions[0], scene.point, people=scene.people, lot=scene.lot)


def take(scene: Scene, _days: int) -> None:
    """Everything is there: received and accepted at once."""
    _hand_in(scene)


def lack(scene: Scene, days: int) -> None:
    """A material is missing: the one-time notice names a day."""
    _hand_in(scene, days=days, lacking=True)


def defer(scene: Scene, days: int) -> None:
    """Accepted although a minor material follows (容缺受理)."""
    _hand_in(scene, deferred=days)


def leave(scene: Scene, _days: int) -> None:
    """Handed in, and nobody says anything: at the end of the day the law itself accepts."""
    scene.application = intake.hand_in_application(
        actor=scene.clerk,
        point=scene.point,
        window=scene.window,
        applicant=_applicant(scene),
        orders=[desk.order_of(version, scene.lot) for version in scene.versions],
        materials=desk.materials_of(scene.versions, lacking=True),
        settle=False,
    )


def refuse(scene: Scene, _days: int) -> None:
    """Received, and not accepted: another organ is competent."""
    draft(scene, 0)
    assert scene.application is not None  # noqa: S101 - drafted a line above
    intake.receive_application(application_id=scene.application.pk, actor=scene.clerk)
    for case in scene.cases():
        intake.refuse_acceptance(
            case_id=case.pk,
            actor=scene.clerk,
            ground=RefusalGround.NOT_COMPETENT,
            reason="用地涉及占用城市规划区土地，不属于本机关职权范围。",
            proper_organ="安阳市自然资源和规划局",
        )


def draft(scene: Scene, _days: int) -> None:
    """Typed, not handed in yet."""
    scene.application = intake.open_application(
        actor=scene.clerk,
        point=scene.point,
        window=scene.window,
        applicant=_applicant(scene),
        orders=[desk.order_of(version, scene.lot) for version in scene.versions],
        materials=desk.materials_of(scene.versions),
    )


def online(scene: Scene, _days: int) -> None:
    """Submitted by the city's app."""
    scene.application = intake.hand_in_application(
        actor=scene.cast[CLIENT],
        point=scene.point,
        applicant=_applicant(scene),
        orders=[desk.order_of(version, scene.lot) for version in scene.versions],
        materials=desk.materials_of(scene.versions),
        channel=Channel.API,
    )


def receive(scene: Scene, _days: int) -> None:
    """The window takes up the online submission."""
    for case in scene.cases():
        intake.receive_case(case_id=case.pk, actor=scene.clerk)


def accept(scene: Scene, _days: int) -> None:
    """Accepted."""
    for case in scene.cases():
        intake.accept_case(case_id=case.pk, actor=scene.clerk)


def correct(scene: Scene, _days: int) -> None:
    """The missing material came."""
    for case in scene.cases():
        missing = [intake.MaterialInput(name) for name in case.missing_names]
        intake.hand_in_correction(case_id=case.pk, actor=scene.clerk, materials=missing)


def follow(scene: Scene, _days: int) -> None:
    """What was to follow came."""
    for case in scene.cases():
        waiting = [m for m in case.asked_materials() if m.status == MaterialStatus.DEFERRED]
        came = [intake.MaterialInput(material.name) for material in waiting]
        intake.add_materials(case_id=case.pk, actor=scene.clerk, materials=came)


def give_back(scene: Scene, _days: int) -> None:
    """Returned at the applicant's wish."""
    for case in scene.cases():
        intake.return_case(
            case_id=case.pk, actor=scene.clerk, note="申请人要求取回材料，改日再办。"
        )


def withdraw(scene: Scene, _days: int) -> None:
    """Withdrawn at the applicant's wish."""
    for case in scene.cases():
        intake.withdraw_case(case_id=case.pk, actor=scene.clerk, note="申请人书面撤回申请。")


def begin(scene: Scene, _days: int) -> None:
    """The reviewer opens the case."""
    for case in scene.cases():
        intake.begin_review(case_id=case.pk, actor=scene.cast.reviewer(case.department))


def opinion(scene: Scene, _days: int) -> None:
    """The reviewer agrees."""
    for case in scene.cases():
        approvals.record_opinion(
            case_id=case.pk,
            actor=scene.cast.reviewer(case.department),
            opinion=scene.lot.choice(AGREED),
            outcome=Outcome.PASS,
        )


def to_window(scene: Scene, _days: int) -> None:
    """Back to the window with a question."""
    for case in scene.cases():
        actor = scene.cast.reviewer(case.department)
        note = "受损房屋照片不清晰，请窗口联系申请人重新拍摄。"
        intake.send_to_window(case_id=case.pk, actor=actor, note=note)


def send_on(scene: Scene, _days: int) -> None:
    """The window answered and sends it on."""
    for case in scene.cases():
        intake.send_on(case_id=case.pk, actor=scene.clerk, note="已补拍并上传。")


def _begin_procedure(scene: Scene, ground: str, days: int, reason: str) -> None:
    for case in scene.cases():
        approvals.begin_procedure(
            case_id=case.pk,
            actor=scene.cast.reviewer(case.department),
            ground=ground,
            told_until=scene.workdays_on(days),
            reason=reason,
        )


def survey(scene: Scene, days: int) -> None:
    """A site survey is arranged."""
    _begin_procedure(
        scene, Ground.SITE_SURVEY, days, "需要到现场核对布局和设施，已书面告知所需时间。"
    )


def hearing(scene: Scene, days: int) -> None:
    """A hearing is arranged."""
    _begin_procedure(scene, Ground.HEARING, days, "相邻权利人申请听证，已书面告知所需时间。")


def expert(scene: Scene, days: int) -> None:
    """Experts review."""
    _begin_procedure(scene, Ground.EXPERT_REVIEW, days, "组织专家评审，已书面告知所需时间。")


def resume(scene: Scene, _days: int) -> None:
    """The procedure's result came."""
    for case in scene.cases():
        actor = scene.cast.reviewer(case.department)
        approvals.end_procedure(case_id=case.pk, actor=actor, result="结果已收到，符合要求。")


def ask(scene: Scene, days: int) -> None:
    """More time is asked for."""
    for case in scene.cases():
        approvals.request_extension(
            case_id=case.pk,
            actor=scene.cast.reviewer(case.department),
            amount=days,
            reason="案情复杂，需向原登记机关核实材料。",
        )


def allow(scene: Scene, _days: int) -> None:
    """The head allows more time."""
    for case in scene.cases():
        actor = scene.cast.head(case.department)
        approvals.answer_extension(
            case_id=case.pk, actor=actor, approve=True, note="情况属实，同意延期。"
        )


def grant(scene: Scene, _days: int) -> None:
    """Granted."""
    _decide(scene, CaseResult.GRANTED, scene.lot.choice(GRANTED))


def reject(scene: Scene, _days: int) -> None:
    """Refused, with reasons."""
    _decide(scene, CaseResult.REFUSED, REFUSED)


def _decide(scene: Scene, result: str, words: str) -> None:
    for case in scene.cases():
        actor = scene.cast.reviewer(case.department)
        approvals.decide_case(case_id=case.pk, actor=actor, result=result, opinion=words)


def spot(scene: Scene, _days: int) -> None:
    """Granted on the spot."""
    for case in scene.cases():
        approvals.grant_on_spot(case_id=case.pk, actor=scene.clerk, opinion="材料齐全，当场办结。")


def stop(scene: Scene, _days: int) -> None:
    """The procedure cannot go on."""
    for case in scene.cases():
        approvals.terminate(
            case_id=case.pk,
            actor=scene.cast.head(case.department),
            ground=TerminationGround.OBJECT_GONE,
            note="所购机具已退回销售企业，补贴对象不复存在。",
        )


def ready(scene: Scene, _days: int) -> None:
    """The result lies ready."""
    for case in scene.cases():
        intake.mark_awaiting_delivery(case_id=case.pk, actor=scene.cast.reviewer(case.department))


def deliver(scene: Scene, _days: int) -> None:
    """Handed out at the window."""
    for case in scene.cases():
        approvals.deliver_result(
            case_id=case.pk,
            actor=scene.clerk,
            receiver=case.application.applicant.reveal("name"),
            method=DeliveryMethod.WINDOW,
        )


def archive(scene: Scene, _days: int) -> None:
    """The file is closed."""
    for case in scene.cases():
        intake.archive_case(case_id=case.pk, actor=scene.clerk, note="归档。")


def _cards(scene: Scene) -> list[Card]:
    clocks = [case.clock_id for case in scene.cases()]
    return list(Card.objects.filter(clock__in=clocks).order_by("pk"))


def answer_card(scene: Scene, _days: int) -> None:
    """The reviewer answers the card."""
    actor = scene.cast.reviewer(scene.cases()[0].department)
    for card in _cards(scene)[-1:]:
        note = "因核查事项较多未能按期办结，已安排专人，两个工作日内办结。"
        supervision.answer_card(card_id=card.pk, actor=actor, note=note)


def appeal_card(scene: Scene, _days: int) -> None:
    """The reviewer appeals, the office looks into it and revokes."""
    actor = scene.cast.reviewer(scene.cases()[0].department)
    for card in _cards(scene)[-1:]:
        note = "评定机构系统升级停用两日，非经办人员原因。"
        supervision.appeal_card(card_id=card.pk, actor=actor, note=note)
        office = scene.cast[f"{SUPERVISING}01"]
        supervision.revoke_card(card_id=card.pk, actor=office, note="经核实情况属实，予以撤销。")


VERBS: dict[str, Verb] = {
    "take": take,
    "lack": lack,
    "defer": defer,
    "leave": leave,
    "refuse": refuse,
    "draft": draft,
    "online": online,
    "receive": receive,
    "accept": accept,
    "correct": correct,
    "follow": follow,
    "return": give_back,
    "withdraw": withdraw,
    "begin": begin,
    "opinion": opinion,
    "window": to_window,
    "back": send_on,
    "survey": survey,
    "hearing": hearing,
    "expert": expert,
    "resume": resume,
    "ask": ask,
    "allow": allow,
    "grant": grant,
    "reject": reject,
    "spot": spot,
    "stop": stop,
    "ready": ready,
    "deliver": deliver,
    "archive": archive,
    "anscard": answer_card,
    "appcard": appeal_card,
}
