"""Every verb, its refusals, and what it leaves behind."""

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from common import time
from common.errors import Forbidden, InvalidInput, NotFound, TransitionRefused
from common.events import chain_faults
from deadlines.choices import ClockState, Debtor
from documents.errors import FileKindRefused, FileTooLarge, UnreadableFile
from documents.models import Paper
from documents.services import read_attachment
from inspections import errors, services
from inspections.choices import (
    AnswerResult,
    FollowUpState,
    ItemResult,
    OrderState,
    ProblemState,
    VisitKind,
    VisitOutcome,
    VisitState,
)
from inspections.models import (
    Answer,
    ChecklistItem,
    Dispatch,
    Evidence,
    FollowUp,
    Order,
    Problem,
    Visit,
)
from inspections.services import AnswerInput, DeliveryInput, ItemFinding, OrderItemInput
from organisations.choices import Role, UnitKind
from tests.factories.inspections import (
    OTHER_STREET,
    ROWS,
    UNTIDY,
    Scene,
    make_officer,
    make_scene,
    make_unit,
    photo,
    photo_bytes,
    photo_with_place,
    whole_checklist,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def order_of(scene: Scene, visit: Visit, **changes: object) -> Order:
    facts = {
        "actor": scene.officer,
        "visit_id": visit.pk,
        "due_on": time.today() + timedelta(days=7),
        "items": [OrderItemInput(p.pk, "立即整改") for p in visit.problems.live()],
        "client_uuid": uuid4(),
        **changes,
    }
    return services.issue_order(**facts)


@pytest.mark.parametrize("profile", ["market", "street"])
def test_it_works(profile: str) -> None:
    scene = make_scene(profile)
    order = scene.ordered()
    assert order.state == OrderState.ISSUED
    assert order.clock.state == ClockState.RUNNING
    assert order.clock.debtor == Debtor.PARTY
    assert order.paper.title == order.profile.order_title
    visit = services.correct_everything(
        actor=scene.officer, order=order, dispatch_id=scene.outing().pk
    )
    order.refresh_from_db()
    order.clock.refresh_from_db()
    assert visit.outcome == VisitOutcome.CORRECTED
    assert order.state == OrderState.CORRECTED
    assert order.clock.state == ClockState.FINISHED
    assert not order.follow_ups.pending().exists()
    assert chain_faults(order.events.order_by("seq")) == []
    assert [e.verb for e in order.events.order_by("seq")] == ["issue", "close_order"]


def test_numbers_follow_each_other_and_the_programme(scene: Scene) -> None:
    first, second = scene.ordered(0), scene.ordered(1)
    year = time.today().year
    assert first.number == f"安北市监责改〔{year}〕1号"
    assert second.number == f"安北市监责改〔{year}〕2号"
    assert make_scene("street").ordered().number == f"灯塔路街道整改〔{year}〕1号"


# --- opening --------------------------------------------------------------------------


def test_a_new_visit_has_every_item_unchecked(scene: Scene) -> None:
    visit = scene.draft()
    results = visit.answers.values_list("result", flat=True)
    assert list(results) == [AnswerResult.UNCHECKED] * len(ROWS)


def test_the_same_form_sent_twice_is_one_visit(scene: Scene) -> None:
    key, outing, target = uuid4(), scene.outing(), scene.targets[0]
    facts = {"actor": scene.officer, "dispatch_id": outing.pk, "client_uuid": key}
    first = services.open_visit(target_id=target.pk, **facts)
    assert services.open_visit(target_id=target.pk, **facts) == first
    assert Visit.objects.count() == 1
    with pytest.raises(errors.ConflictingSubmission):
        services.open_visit(target_id=scene.targets[1].pk, **facts)


def test_a_second_first_visit_is_refused(scene: Scene) -> None:
    scene.draft()
    with pytest.raises(errors.AlreadyVisited):
        scene.draft()


def test_another_streets_officer_finds_nothing(scene: Scene) -> None:
    visit = scene.draft()
    unit = make_unit("other", "另一街道", OTHER_STREET, UnitKind.STREET)
    stranger = make_officer("stranger", unit, Role.PATROLLER)
    with pytest.raises(NotFound):
        services.submit_visit(actor=stranger, visit_id=visit.pk)
    with pytest.raises(NotFound):
        services.dispatch_officers(
            actor=stranger, campaign_id=scene.campaign.pk, officers=[stranger, scene.officer],
            client_uuid=uuid4(),
        )  # fmt: skip


def test_seeing_another_units_campaign_is_not_acting_on_it() -> None:
    market, street = make_scene("market"), make_scene("street")
    with pytest.raises(errors.NotYourCampaign):
        services.dispatch_officers(
            actor=market.officer,
            campaign_id=street.campaign.pk,
            officers=[market.officer, market.second],
            client_uuid=uuid4(),
        )
    assert not Dispatch.objects.exists()


def test_a_colleague_who_was_not_there_cannot_answer(scene: Scene) -> None:
    visit = scene.draft()
    third = make_officer("third", scene.unit)
    with pytest.raises(errors.NotOnThisOuting):
        services.answer_item(
            actor=third, visit_id=visit.pk, item_id=visit.answers.first().item_id, result="pass"
        )


def test_market_regulation_goes_in_pairs_and_a_street_need_not(scene: Scene) -> None:
    with pytest.raises(errors.TooFewOfficers):
        scene.outing(scene.officer)
    with pytest.raises(errors.TooFewOfficers):
        scene.outing(scene.officer, scene.officer)
    street = make_scene("street")
    assert street.outing(street.officer).members.count() == 1


def test_an_excluded_subject_is_not_inspected(scene: Scene) -> None:
    target = scene.targets[0]
    with pytest.raises(InvalidInput):
        services.exclude_target(actor=scene.head, target_id=target.pk, reason=" ")
    services.exclude_target(actor=scene.head, target_id=target.pk, reason="已停办")
    with pytest.raises(errors.TargetExcluded):
        scene.draft()


def test_a_closed_campaign_starts_no_inspection(scene: Scene) -> None:
    outing = scene.outing()
    scene.campaign.ends_on = time.today() - timedelta(days=1)
    scene.campaign.save()
    with pytest.raises(errors.CampaignClosed):
        services.open_visit(
            actor=scene.officer,
            target_id=scene.targets[0].pk,
            dispatch_id=outing.pk,
            client_uuid=uuid4(),
        )


# --- answering and submitting ---------------------------------------------------------


def test_submitting_with_missing_answers_names_them_and_changes_nothing(scene: Scene) -> None:
    visit = scene.draft()
    item = ChecklistItem.objects.get(code="1.1")
    services.answer_item(actor=scene.officer, visit_id=visit.pk, item_id=item.pk, result="pass")
    with pytest.raises(TransitionRefused) as refused:
        services.submit_visit(actor=scene.officer, visit_id=visit.pk)
    assert "1.2" in refused.value.message
    assert "12.1" in refused.value.message
    visit.refresh_from_db()
    assert visit.state == VisitState.DRAFT


def test_a_failure_without_words_is_not_submitted(scene: Scene) -> None:
    visit = scene.draft()
    answers = {a.item_id: AnswerInput("fail") for a in visit.answers.all()}
    services.answer_items(actor=scene.officer, visit_id=visit.pk, answers=answers)
    with pytest.raises(TransitionRefused):
        services.submit_visit(actor=scene.officer, visit_id=visit.pk)


def test_submitting_twice_is_submitting_once(scene: Scene) -> None:
    visit = scene.submitted()
    again = services.submit_visit(actor=scene.officer, visit_id=visit.pk)
    assert again.submitted_at == Visit.objects.get().submitted_at
    assert visit.events.filter(verb="submit").count() == 1


def test_a_submitted_visit_cannot_be_changed(scene: Scene) -> None:
    visit = scene.submitted()
    with pytest.raises(errors.VisitNotOpen):
        services.answer_item(
            actor=scene.officer,
            visit_id=visit.pk,
            item_id=visit.answers.first().item_id,
            result="fail",
        )
    with pytest.raises(errors.VisitNotOpen):
        services.add_problem(actor=scene.officer, visit_id=visit.pk, text="x", client_uuid=uuid4())


def test_a_pass_withdraws_the_problem_and_keeps_its_row(scene: Scene) -> None:
    visit = scene.draft()
    item = ChecklistItem.objects.get(code="12.1")
    facts = {"actor": scene.officer, "visit_id": visit.pk, "item_id": item.pk}
    services.answer_item(result="fail", text="无留样", **facts)
    services.answer_item(result="pass", **facts)
    assert Problem.objects.get().state == ProblemState.WITHDRAWN
    services.answer_item(result="fail", text="再查仍无留样", **facts)
    assert Problem.objects.live().get().text == "再查仍无留样"
    assert Problem.objects.count() == 2


def test_an_unknown_result_or_item_is_refused(scene: Scene) -> None:
    visit = scene.draft()
    item = visit.answers.first().item_id
    for key, result in ((item, "perhaps"), (item + 999, "pass")):
        with pytest.raises(InvalidInput):
            services.answer_item(actor=scene.officer, visit_id=visit.pk, item_id=key, result=result)
    assert not Answer.objects.exclude(result=AnswerResult.UNCHECKED).exists()


def test_the_same_point_at_the_same_subject_is_a_repeat(scene: Scene) -> None:
    scene.ordered()
    other = services.create_campaign(
        actor=scene.head,
        facts=services.CampaignInput(
            name="回头看",
            kind="special",
            profile=scene.campaign.profile,
            checklist=scene.campaign.checklist,
            lead_unit=scene.unit,
            starts_on=time.today(),
        ),
        client_uuid=uuid4(),
    )
    services.add_targets(
        actor=scene.head, campaign_id=other.pk, subjects=[scene.targets[0].subject]
    )
    later = Scene(other, scene.unit, scene.officer, scene.second, scene.head)
    visit = later.submitted()
    assert visit.problems.get().repeat_of == Problem.objects.first()


def test_a_street_may_let_a_problem_fixed_on_the_spot_go_without_order() -> None:
    street = make_scene("street")
    visit = street.draft()
    answers = {a.item_id: AnswerInput("pass") for a in visit.answers.all()}
    answers[visit.answers.first().item_id] = AnswerInput("fail", "垃圾乱堆", True)
    services.answer_items(actor=street.officer, visit_id=visit.pk, answers=answers)
    visit = services.submit_visit(actor=street.officer, visit_id=visit.pk)
    assert visit.outcome == VisitOutcome.FIXED_ON_SITE
    assert visit.problems.get().state == ProblemState.CORRECTED
    assert services.approve_visit(actor=street.head, visit_id=visit.pk).state == "approved"


# --- photos ---------------------------------------------------------------------------


def problem_of(scene: Scene) -> Problem:
    visit = scene.draft()
    return services.add_problem(
        actor=scene.officer,
        visit_id=visit.pk,
        text="无留样",
        item_id=ChecklistItem.objects.get(code="12.1").pk,
        client_uuid=uuid4(),
        photo=photo(),
    )


def test_a_problem_with_a_photo_fails_its_item(scene: Scene) -> None:
    problem = problem_of(scene)
    assert problem.answer.result == AnswerResult.FAIL
    evidence = problem.evidence.get()
    assert read_attachment(evidence.attachment) == photo().read()
    assert evidence.sha256 == evidence.attachment.sha256


def test_a_photo_says_only_what_it_says(scene: Scene) -> None:
    visit = scene.draft()
    plain = services.attach_photo(actor=scene.officer, visit_id=visit.pk, upload=photo_bytes())
    assert (plain.exif_time, plain.exif_latitude, plain.position_source) == ("", None, "none")
    placed = services.attach_photo(
        actor=scene.officer, visit_id=visit.pk, upload=photo_with_place()
    )
    assert placed.exif_time == "2026:11:23 10:15:00 +08:00"
    assert (float(placed.exif_latitude), float(placed.exif_longitude)) == (36.1, 114.35)
    assert placed.position_source == "exif"
    assert placed.device_latitude is None


def test_the_same_photo_twice_is_one_piece_of_evidence(scene: Scene) -> None:
    problem = problem_of(scene)
    services.attach_photo(
        actor=scene.officer, visit_id=problem.visit_id, upload=photo(), problem_id=problem.pk
    )
    assert Evidence.objects.count() == 1


def test_a_photo_never_lands_on_another_visit(scene: Scene) -> None:
    problem = problem_of(scene)
    other = scene.draft(1)
    with pytest.raises(NotFound):
        services.attach_photo(
            actor=scene.officer, visit_id=other.pk, upload=photo(), problem_id=problem.pk
        )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", UnreadableFile),
        (b"MZ executable", FileKindRefused),
        (photo_bytes()[:200], UnreadableFile),
        (b"%PDF-1.4\n1 0 obj<<>>endobj\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n",
         errors.PhotoRequired),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_and_nothing_is_stored(
    scene: Scene, content: bytes, fault: type[Exception]
) -> None:
    visit = scene.draft()
    with pytest.raises(fault):
        services.attach_photo(
            actor=scene.officer,
            visit_id=visit.pk,
            upload=SimpleUploadedFile("现场.jpg", content, "image/jpeg"),
        )
    assert not Evidence.objects.exists()


def test_an_oversized_photo_is_refused(scene: Scene, settings: object) -> None:
    settings.UPLOAD_LIMIT_BYTES = 100
    with pytest.raises(FileTooLarge):
        problem_of(scene)
    assert not Problem.objects.exists()


# --- orders ---------------------------------------------------------------------------


def test_a_visit_with_problems_is_not_approved_before_its_order(scene: Scene) -> None:
    visit = scene.submitted()
    with pytest.raises(TransitionRefused):
        services.approve_visit(actor=scene.head, visit_id=visit.pk)
    order_of(scene, visit)
    assert services.approve_visit(actor=scene.head, visit_id=visit.pk).state == "approved"


def test_nobody_approves_his_own_inspection(scene: Scene) -> None:
    visit = scene.submitted(failures={})
    post = scene.officer.acting_posts[0]
    with pytest.raises(errors.OwnVisit):
        services.approve_visit(actor=scene.officer, visit_id=visit.pk)
    assert post.role == Role.INSPECTOR


def test_approval_starts_the_limit_to_publish_and_publication_ends_it(scene: Scene) -> None:
    visit = scene.submitted(failures={})
    visit = services.approve_visit(actor=scene.head, visit_id=visit.pk)
    assert visit.publication_clock.debtor == Debtor.UNIT
    services.publish_result(actor=scene.head, visit_id=visit.pk)
    services.publish_result(actor=scene.head, visit_id=visit.pk)
    visit.publication_clock.refresh_from_db()
    assert visit.publication_clock.state == ClockState.FINISHED


def test_the_same_order_sent_twice_is_one_order(scene: Scene) -> None:
    visit, key = scene.submitted(), uuid4()
    first = order_of(scene, visit, client_uuid=key)
    assert order_of(scene, visit, client_uuid=key) == first
    with pytest.raises(errors.OrderExists) as refused:
        order_of(scene, visit)
    assert refused.value.details == {"order": first.pk}
    assert (Order.objects.count(), FollowUp.objects.count()) == (1, 1)


def test_an_order_names_every_problem(scene: Scene) -> None:
    visit = scene.submitted()
    for items in ([], [OrderItemInput(visit.problems.get().pk, "  ")]):
        with pytest.raises(InvalidInput) as refused:
            order_of(scene, visit, items=items)
        assert f"requirement-{visit.problems.get().pk}" in refused.value.fields
    assert not Order.objects.exists()


def test_an_order_is_not_due_yesterday(scene: Scene) -> None:
    visit = scene.submitted()
    with pytest.raises(InvalidInput) as refused:
        order_of(scene, visit, due_on=time.today() - timedelta(days=1))
    assert "due_on" in refused.value.fields


def test_a_refusal_to_sign_needs_reason_and_witness(scene: Scene) -> None:
    visit = scene.submitted()
    with pytest.raises(InvalidInput) as refused:
        order_of(scene, visit, delivery=DeliveryInput(way="left"))
    assert set(refused.value.fields) == {"refusal_reason", "witness"}
    order = order_of(
        scene,
        visit,
        delivery=DeliveryInput("left", "王某", "负责人拒签", "李某"),
    )
    assert (order.reveal("receiver"), order.reveal("witness")) == ("王某", "李某")
    assert "王某".encode() not in bytes(order.receiver)


def test_no_order_without_a_problem_or_before_submission(scene: Scene) -> None:
    with pytest.raises(errors.NothingToOrder):
        order_of(scene, scene.submitted(0, failures={}))
    with pytest.raises(errors.VisitNotOpen):
        order_of(scene, scene.draft(1))


def test_a_failed_order_leaves_no_number_and_no_clock(scene: Scene) -> None:
    visit = scene.submitted(failures={"12.1": services.Failure("缺\U0002f800样", "改")})
    with pytest.raises(InvalidInput):
        order_of(scene, visit)
    assert not Order.objects.exists()
    assert order_of(scene, scene.submitted(1)).serial == 1


def test_order_follow_up_and_clock_agree_about_the_day() -> None:
    with time.freeze(datetime(2026, 11, 24, 2, 0, tzinfo=time.TZ)):
        scene = make_scene()
        order = scene.ordered()
        assert order.due_on == date(2026, 12, 1)
        assert order.clock.due_on == date(2026, 12, 1)
        assert order.follow_ups.get().due_on == date(2026, 12, 4)


def test_a_revoked_order_keeps_its_number_and_frees_the_visit(scene: Scene) -> None:
    order = scene.ordered()
    with pytest.raises(TransitionRefused):
        services.revoke_order(actor=scene.officer, order_id=order.pk, reason="写错当事人")
    services.revoke_order(actor=scene.head, order_id=order.pk, reason="写错当事人")
    order.clock.refresh_from_db()
    assert order.clock.state == ClockState.CANCELLED
    assert not order.follow_ups.pending().exists()
    assert order_of(scene, order.visit).serial == 2
    assert Paper.objects.get(pk=order.paper_id).void.void_reason == "写错当事人"  # type: ignore[union-attr]


# --- re-inspection --------------------------------------------------------------------


def two_failures(scene: Scene) -> Order:
    failures = {**UNTIDY, "1.2": services.Failure("许可证未公示", "悬挂许可证")}
    _visit, order = services.walk_visit(
        actor=scene.officer,
        target_id=scene.targets[0].pk,
        dispatch_id=scene.outing().pk,
        failures=failures,
    )
    assert order is not None
    return order


def recheck(scene: Scene, order: Order, *results: str, **changes: object) -> Visit:
    items = list(order.items.unsettled())
    facts = {
        "actor": scene.officer,
        "follow_up_id": order.follow_ups.pending().values_list("pk", flat=True).first(),
        "dispatch_id": scene.outing().pk,
        "findings": {i.pk: ItemFinding(r) for i, r in zip(items, results, strict=True)},
        "client_uuid": uuid4(),
        **changes,
    }
    return services.recheck_visit(**facts)


def test_a_partly_obeyed_order_stays_open_and_only_its_rest_is_judged_again(scene: Scene) -> None:
    order = two_failures(scene)
    visit = recheck(scene, order, "corrected", "not_corrected")
    order.refresh_from_db()
    assert (visit.kind, visit.outcome) == (VisitKind.RECHECK, VisitOutcome.PARTLY)
    assert (order.state, order.clock.state) == (OrderState.PARTLY, ClockState.RUNNING)
    assert order.items.unsettled().count() == 1
    assert order.follow_ups.filter(state=FollowUpState.DONE).get().visit == visit
    recheck(scene, order, "corrected")
    order.refresh_from_db()
    assert order.state == OrderState.CORRECTED
    assert order.items.get(number=2).checks.count() == 2


def test_a_recheck_judges_every_open_item(scene: Scene) -> None:
    order = two_failures(scene)
    for findings in ({}, {order.items.first().pk: ItemFinding(ItemResult.CORRECTED)}):
        with pytest.raises(InvalidInput):
            recheck(scene, order, "corrected", "corrected", findings=findings)
    assert not Visit.objects.rechecks().exists()


def test_the_same_recheck_sent_twice_is_one(scene: Scene) -> None:
    order, key = scene.ordered(), uuid4()
    follow_up = order.follow_ups.get().pk
    first = recheck(scene, order, "not_corrected", client_uuid=key)
    again = recheck(scene, order, "not_corrected", client_uuid=key, follow_up_id=follow_up)
    assert again == first
    with pytest.raises(errors.FollowUpClosed):
        recheck(scene, order, "corrected", follow_up_id=follow_up)
    assert Visit.objects.rechecks().count() == 1


def test_another_units_officer_cannot_recheck() -> None:
    street, market = make_scene("street"), make_scene("market")
    order = street.ordered()
    with pytest.raises((Forbidden, NotFound)):
        recheck(street, order, "corrected", actor=market.officer)
    order.refresh_from_db()
    assert order.state == OrderState.ISSUED


# --- records and checklists -----------------------------------------------------------


def test_a_published_checklist_never_changes(scene: Scene) -> None:
    item = scene.campaign.checklist.items.first()
    item.text = "改过"
    with pytest.raises(DatabaseError), transaction.atomic():
        item.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        scene.campaign.checklist.items.all().delete()


def test_the_same_checklist_is_the_same_version_and_a_new_one_the_next(scene: Scene) -> None:
    version = scene.campaign.checklist
    facts = {"actor": scene.head, "code": "canteen", "name": "学校食堂检查表"}
    assert services.publish_checklist(rows=ROWS, **facts) == version
    later = services.publish_checklist(rows=ROWS[:2], **facts)
    assert (later.number, later.items.count()) == (2, 2)
    assert scene.draft().checklist == version


def test_the_canteen_checklist_has_47_items_18_of_them_key(tmp_path: Path) -> None:
    version = whole_checklist()
    assert (version.items.count(), version.items.filter(is_key=True).count()) == (47, 18)
    assert len(set(version.items.values_list("group", flat=True))) == 14
    assert whole_checklist() == version
    bad = tmp_path / "x.csv"
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(errors.ChecklistFileUnusable):
        services.load_checklist(actor=version.published_by, path=bad, code="x", name="x")


def test_an_interview_seals_who_came_and_counts_once(scene: Scene) -> None:
    facts = {
        "actor": scene.officer,
        "campaign_id": scene.campaign.pk,
        "subject_id": scene.targets[0].subject_id,
        "facts": services.InterviewInput(
            held_at=time.now(),
            place="局会议室",
            interviewee="赵校长",
            reason="隐患未及时消除",
            demands="三日内报告",
        ),
        "client_uuid": uuid4(),
    }
    interview = services.hold_interview(**facts)
    assert services.hold_interview(**facts) == interview
    assert interview.reveal("interviewee") == "赵校长"


def test_a_sampling_sheet_is_recorded_once(scene: Scene) -> None:
    facts = {
        "actor": scene.officer,
        "campaign_id": scene.campaign.pk,
        "subject_id": scene.targets[0].subject_id,
        "facts": services.BatchInput("CY-1", "大米", time.today()),
    }
    key = uuid4()
    batch = services.record_sampling_batch(client_uuid=key, **facts)
    assert services.record_sampling_batch(client_uuid=key, **facts) == batch
    with pytest.raises(InvalidInput):
        services.record_sampling_batch(client_uuid=uuid4(), **facts)


def test_only_those_in_charge_set_up_campaigns(scene: Scene) -> None:
    with pytest.raises(Forbidden):
        services.add_targets(actor=scene.officer, campaign_id=scene.campaign.pk, subjects=[])
    assert services.add_targets(
        actor=scene.head, campaign_id=scene.campaign.pk, subjects=[scene.targets[0].subject]
    )
    assert scene.campaign.targets.count() == 3
