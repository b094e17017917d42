"""A case on an item of a real district's catalogue runs from window to archive."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from approvals import services as approvals
from approvals.choices import DeliveryMethod
from catalogue.models import Item
from intake import services as intake
from intake.choices import CaseResult, CaseState, Channel
from intake.models import Case
from intake.services import ItemOrder
from organisations.choices import PointKind, Role, UnitKind
from organisations.models import Region, ServicePoint, Unit, Window
from organisations.services import ensure_groups
from tests.catalogue.test_guangan import FILE
from tests.factories.intake import all_materials, an_applicant, appointed, the_case

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is absent"),
]


@pytest.fixture
def item() -> Item:
    """教师资格认定, as the real catalogue has it."""
    ensure_groups()
    call_command("import_items", str(FILE), "--create-units", "--publish", verbosity=0)
    return Item.objects.live().get(code="511A0138600000")


@pytest.fixture
def hall(item: Item) -> ServicePoint:
    """The district's service hall with one window."""
    region = Region.objects.get(code="511602000000")
    office = Unit.objects.create(
        code="GA-HALL", name="区政务服务中心", kind=UnitKind.HALL, region=region
    )
    point = ServicePoint.objects.create(
        code="GA-HALL", name="广安区政务服务大厅", kind=PointKind.HALL, region=region, unit=office
    )
    Window.objects.create(point=point, number=1)
    return point


def test_it_runs_to_its_end(item: Item, hall: ServicePoint) -> None:
    clerk = appointed("ga_clerk", "窗口甲", Role.CLERK, hall.unit, point=hall)
    reviewer = appointed("ga_reviewer", "审批甲", Role.REVIEWER, item.department)
    case = the_case(
        intake.hand_in_application(
            actor=clerk,
            point=hall,
            window=hall.windows.get(),
            channel=Channel.WINDOW,
            applicant=an_applicant(),
            orders=[ItemOrder(item.current_id, {})],
            materials=all_materials(item),
        )
    )
    assert case.state == CaseState.ACCEPTED
    assert case.clock.promised_due_on - case.accepted_at.date() >= timedelta(days=20)
    intake.begin_review(case_id=case.pk, actor=reviewer)
    approvals.decide_case(
        case_id=case.pk, actor=reviewer, result=CaseResult.GRANTED, opinion="同意"
    )
    intake.mark_awaiting_delivery(case_id=case.pk, actor=reviewer)
    approvals.deliver_result(
        case_id=case.pk,
        actor=clerk,
        receiver="张小明",
        method=DeliveryMethod.WINDOW,
        proof="居民身份证",
    )
    intake.archive_case(case_id=case.pk, actor=reviewer)
    assert Case.objects.get(pk=case.pk).state == CaseState.ARCHIVED
