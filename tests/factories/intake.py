"""A street window, a department and cases that walked through the services."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from stdnum.cn import ric, uscc

from approvals import services as approvals
from approvals.choices import DeliveryMethod, Outcome, TerminationGround
from catalogue.models import Item
from common import time
from deadlines.choices import Ground
from intake import services as intake
from intake.choices import CaseResult, CaseState, Channel, IdType, RefusalGround
from intake.models import Application, Case
from intake.services import ApplicantInput, Demand, ItemOrder, MaterialInput
from organisations.choices import Role
from organisations.models import Post, ServicePoint, Unit, User, Window
from organisations.services import appoint, ensure_groups, issue_client_token, register_client
from tests.factories.catalogue import make_department, make_point, published_item

STREET, OTHER_STREET = "410503004000", "410503003000"
PASSWORD = "pw"
_people = count(1)
PROCEDURES = ["现场勘验", "听证"]


@dataclass
class Office:
    """Two streets, two departments, and everybody who acts."""

    point: ServicePoint
    window: Window
    other_point: ServicePoint
    department: Unit
    other_department: Unit
    clerk: User
    other_clerk: User
    reviewer: User
    other_reviewer: User
    head: User
    supervisor: User
    administrator: User
    client: User
    other_client: User
    item: Item

    def everybody(self) -> dict[str, User]:
        """One person a role on the right side, and strangers of other units."""
        return {
            "clerk": self.clerk,
            "other_clerk": self.other_clerk,
            "reviewer": self.reviewer,
            "other_reviewer": self.other_reviewer,
            "head": self.head,
            "supervisor": self.supervisor,
            "administrator": self.administrator,
            "client": self.client,
            "other_client": self.other_client,
        }


def valid_id(place: int | None = None) -> str:
    """A sound identity number of 北关区; another one each time."""
    number = 1 if place is None else place
    number = next(_people) if place is None else number
    body = f"410503{1950 + number % 50}0{1 + number % 9}{10 + number % 18}{number % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def valid_credit_code(body: str = "91410503MA000000") -> str:
    """A sound credit code."""
    stem = (body + "A")[:17].ljust(17, "0")
    return stem + uscc.calc_check_digit(stem + "0")


def person(username: str, name: str) -> User:
    """A member of staff."""
    return User.objects.create_user(username, password=PASSWORD, display_name=name)


def appointed(username: str, name: str, role: str, unit: Unit, **post: Any) -> User:
    """A member of staff on a post, read anew so that nothing is cached."""
    user = person(username, name)
    made = Post.objects.create(title=name, role=role, unit=unit, **post)
    appoint(post=made, holder_a=user)
    return User.objects.get(pk=user.pk)


def again(user: User) -> User:
    """The same user as a fresh request would read him."""
    return User.objects.get(pk=user.pk)


def an_office(**item: Any) -> Office:
    """Everything a case needs to walk from the window to the archive."""
    ensure_groups()
    point = make_point(STREET, "灯塔路街道便民服务中心")
    window = Window.objects.create(point=point, number=1, name="综合窗口1号")
    other = make_point(OTHER_STREET, "解放路街道便民服务中心")
    department = make_department("区残联")
    elsewhere = make_department("区民政局")
    hall = point.unit
    district = department.region
    made = published_item(department, special_procedures=PROCEDURES, **item)
    return Office(
        point=point,
        window=window,
        other_point=other,
        department=department,
        other_department=elsewhere,
        clerk=appointed("it_clerk", "王芳", Role.CLERK, hall, point=point, window=window),
        other_clerk=appointed("it_clerk2", "外街人员", Role.CLERK, other.unit, point=other),
        reviewer=appointed("it_reviewer", "赵敏", Role.REVIEWER, department),
        other_reviewer=appointed("it_reviewer2", "外部审批", Role.REVIEWER, elsewhere),
        head=appointed("it_head", "孙磊", Role.HEAD, department),
        supervisor=appointed("it_super", "督查员", Role.SUPERVISOR, hall, region=district),
        administrator=appointed("it_admin", "管理员", Role.ADMINISTRATOR, hall),
        client=again(register_client(username="it_app", display_name="安鑫办", unit=department)),
        other_client=again(
            register_client(username="it_app2", display_name="别的系统", unit=department)
        ),
        item=made,
    )


def token_of(client: User) -> str:
    """A fresh token's plain text."""
    return issue_client_token(user=client, name="test")[1]


def an_applicant(**changes: Any) -> ApplicantInput:
    """A person with a sound identity number."""
    facts: dict[str, Any] = {
        "name": "张小明",
        "id_number": valid_id(),
        "id_type": IdType.RESIDENT_ID,
        "mobile": "13837212345",
        **changes,
    }
    return ApplicantInput(**facts)


def all_materials(*items: Item) -> list[MaterialInput]:
    """Everything the guides ask for, handed in."""
    names = {
        row.name: None for item in items if item.current for row in item.current.materials.all()
    }
    return [MaterialInput(name=name) for name in names]


def an_application(
    office: Office,
    *,
    items: list[Item] | None = None,
    materials: list[MaterialInput] | None = None,
    actor: User | None = None,
    settle: bool = True,
    **changes: Any,
) -> Application:
    """An application handed in at the window, complete unless said otherwise."""
    wanted = items or [office.item]
    facts: dict[str, Any] = {
        "point": office.point,
        "window": office.window,
        "applicant": an_applicant(),
        "orders": [ItemOrder(item.current_id, {"disability_kind": "肢体"}) for item in wanted],
        "materials": all_materials(*wanted) if materials is None else materials,
        **changes,
    }
    return intake.hand_in_application(actor=actor or office.clerk, settle=settle, **facts)


def the_case(application: Application) -> Case:
    """The application's first case, read anew."""
    return Case.objects.for_page().filter(application=application).order_by("pk")[0]


def reread(case: Case) -> Case:
    """The case as it stands now."""
    return Case.objects.for_page().get(pk=case.pk)


def _draft(office: Office) -> Case:
    application = intake.open_application(
        actor=office.client,
        point=office.point,
        applicant=an_applicant(),
        orders=[ItemOrder(office.item.current_id, {"disability_kind": "肢体"})],
        materials=all_materials(office.item),
        channel=Channel.API,
    )
    return the_case(application)


def _submitted(office: Office) -> Case:
    application = an_application(office, actor=office.client, window=None, channel=Channel.API)
    return the_case(application)


def _received(office: Office) -> Case:
    return the_case(an_application(office, settle=False))


def _correcting(office: Office) -> Case:
    case = the_case(an_application(office, settle=False, materials=[]))
    return intake.request_correction(
        case_id=case.pk,
        actor=office.clerk,
        demands=[Demand("居民身份证", "未提交", "请提交")],
        due_on=time.today() + timedelta(days=7),
    )


def _not_accepted(office: Office) -> Case:
    return intake.refuse_acceptance(
        case_id=_received(office).pk,
        actor=office.clerk,
        ground=RefusalGround.NOT_NEEDED,
        reason="该活动不需要取得许可。",
    )


def _returned(office: Office) -> Case:
    return intake.return_case(case_id=_received(office).pk, actor=office.clerk, note="自愿取回")


def _accepted(office: Office) -> Case:
    return the_case(an_application(office))


def _reviewing(office: Office) -> Case:
    return intake.begin_review(case_id=_accepted(office).pk, actor=office.reviewer)


def _suspended(office: Office) -> Case:
    return approvals.begin_procedure(
        case_id=_reviewing(office).pk,
        actor=office.reviewer,
        ground=Ground.SITE_SURVEY,
        told_until=time.today() + timedelta(days=5),
        reason="需要入户评定",
    )


def _closed(office: Office) -> Case:
    return approvals.decide_case(
        case_id=_reviewing(office).pk,
        actor=office.reviewer,
        result=CaseResult.GRANTED,
        opinion="符合条件，同意办理。",
    )


def _ready(office: Office) -> Case:
    return intake.mark_awaiting_delivery(case_id=_closed(office).pk, actor=office.reviewer)


def _delivered(office: Office) -> Case:
    return approvals.deliver_result(
        case_id=_ready(office).pk,
        actor=office.clerk,
        receiver="张小明",
        method=DeliveryMethod.WINDOW,
        proof="居民身份证",
    )


def _archived(office: Office) -> Case:
    return intake.archive_case(case_id=_delivered(office).pk, actor=office.reviewer)


def _withdrawn(office: Office) -> Case:
    return intake.withdraw_case(case_id=_accepted(office).pk, actor=office.clerk, note="不办了")


def _terminated(office: Office) -> Case:
    return approvals.terminate(
        case_id=_reviewing(office).pk,
        actor=office.head,
        ground=TerminationGround.SUBJECT_GONE,
        note="申请人去世",
    )


WAYS = {
    CaseState.DRAFT: _draft,
    CaseState.SUBMITTED: _submitted,
    CaseState.RECEIVED: _received,
    CaseState.CORRECTING: _correcting,
    CaseState.REFUSED_ACCEPTANCE: _not_accepted,
    CaseState.RETURNED: _returned,
    CaseState.ACCEPTED: _accepted,
    CaseState.REVIEWING: _reviewing,
    CaseState.SUSPENDED: _suspended,
    CaseState.CLOSED: _closed,
    CaseState.AWAITING_DELIVERY: _ready,
    CaseState.DELIVERED: _delivered,
    CaseState.ARCHIVED: _archived,
    CaseState.WITHDRAWN: _withdrawn,
    CaseState.TERMINATED: _terminated,
}


def a_case_at(state: str, office: Office) -> Case:
    """A case that walked to the state through the services."""
    WAYS[CaseState(state)](office)
    return Case.objects.for_page().order_by("-pk")[0]


def with_opinion(case: Case, office: Office) -> Case:
    """The case with a reviewer's opinion."""
    return approvals.record_opinion(
        case_id=case.pk, actor=office.reviewer, opinion="材料属实", outcome=Outcome.PASS
    )
