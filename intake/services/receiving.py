"""Receipt: the number, the check characters, the paper, and the duty to accept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common import time
from common.identity import spelled
from documents.models import Paper
from documents.registry import paper_kind
from documents.services import issue_paper
from intake.choices import Desk
from intake.errors import SubmittedAlready
from intake.models import Applicant, Application, Case
from intake.services import clocks, papers, telling
from intake.services.acceptance import accept_case
from intake.services.corrections import demands_for_missing, request_correction
from intake.services.drafts import settle_drafts
from intake.services.helping import HelpOrder, begin_helping
from intake.services.inputs import ApplicantInput, ItemOrder
from intake.services.opening import Opening, prepare, store
from intake.services.records import hold, lock_application, make_move, record, refuse_move
from intake.signals import application_opened, case_received, case_submitted
from organisations.models import Unit, User


def _cases(application: Application) -> list[Case]:
    return list(Case.objects.for_page().filter(application=application).order_by("pk"))


@transaction.atomic
def receive_case(
    *, case_id: int, actor: User, expected_version: int | None = None, at: datetime | None = None
) -> Case:
    """The case is received by this clerk; a draft's duty to accept starts running.

    An online submission was its receipt already, so its clock goes on.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "receive_case", actor=actor, expected_version=expected_version)
    moment, fresh = at or time.now(), case.clock_id is None
    case.handler, case.desk = actor, Desk.WINDOW
    if fresh:
        clocks.start_acceptance(case, actor=actor, online=False, at=moment)
    record(case, "receive_case", actor=actor, at=moment)
    case_received.send(sender=Case, case=case, actor=actor)
    return case


@transaction.atomic
def submit_case(
    *, case_id: int, actor: User, expected_version: int | None = None, at: datetime | None = None
) -> Case:
    """The case is submitted online: that is its receipt (安阳条例 42), one working day runs.

    Raises:
        TransitionRefused: with every reason.
    """
    case = hold(case_id, "submit_case", actor=actor, expected_version=expected_version)
    moment = at or time.now()
    clocks.start_acceptance(case, actor=actor, online=True, at=moment)
    record(case, "submit_case", actor=actor, at=moment)
    telling.tell_point(case)
    case_submitted.send(sender=Case, case=case, actor=actor)
    return case


def _only_department(cases: Sequence[Case]) -> Unit | None:
    """The department that decides every one of the cases; None if they go to several."""
    held = {case.department_id: case.department for case in cases}
    return next(iter(held.values())) if len(held) == 1 else None


@transaction.atomic
def issue_receipt(*, application_id: int, actor: User) -> Application:
    """The application has its receipt paper; a second call changes nothing."""
    application = lock_application(application_id)
    if application.receipt_id:
        return application
    cases = _cases(application)
    application.receipt = _receipt_paper(application, cases, actor=actor)
    application.save(update_fields=["receipt"])
    return application


def _receipt_paper(application: Application, cases: Sequence[Case], *, actor: User) -> Paper:
    return issue_paper(
        kind=paper_kind(papers.RECEIPT),
        data=papers.receipt_data(application, cases, clerk=actor),
        number=application.number,
        actor=actor,
        region_code=application.region_code,
        department=_only_department(cases),
        subject_kind="application",
        subject_id=application.number,
        data_key=application.data_key,
    )


def _each_case(application: Application) -> list[int]:
    return list(application.cases.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def receive_application(*, application_id: int, actor: User) -> Application:
    """Every case of the draft is received and the receipt stands.

    Raises:
        TransitionRefused: with every reason.
    """
    application = lock_application(application_id)
    for case_id in _each_case(application):
        receive_case(case_id=case_id, actor=actor, at=application.received_at)
    return issue_receipt(application_id=application_id, actor=actor)


@transaction.atomic
def submit_application(*, application_id: int, actor: User) -> Application:
    """Every case of the draft is submitted and the electronic receipt stands.

    Raises:
        TransitionRefused: with every reason.
    """
    application = lock_application(application_id)
    for case_id in _each_case(application):
        submit_case(case_id=case_id, actor=actor, at=application.received_at)
    return issue_receipt(application_id=application_id, actor=actor)


@transaction.atomic
def settle_application(
    *, application_id: int, actor: User, correction_due_on: date | None = None
) -> Application:
    """Complete cases are accepted, incomplete ones have their one-time notice.

    Without ``correction_due_on`` incomplete cases stay received.

    Raises:
        TransitionRefused: with every reason.
    """
    for case in _cases(lock_application(application_id)):
        if not case.missing_names:
            accept_case(case_id=case.pk, actor=actor)
        elif correction_due_on is not None:
            request_correction(
                case_id=case.pk,
                actor=actor,
                demands=demands_for_missing(case),
                due_on=correction_due_on,
            )
    return lock_application(application_id)


def _same_form(
    token: str, actor: User, applicant: ApplicantInput, orders: Sequence[ItemOrder]
) -> Application | None:
    """What this form became when it was handed in before; None if it was not.

    Raises:
        SubmittedAlready: it was another person's, or it asked for other items.
    """
    if not token:
        return None
    former = Application.objects.filter(submission_token=token).first()
    if former is None:
        return None
    if former.created_by_id != actor.pk:
        raise SubmittedAlready
    if not (_asked_by(former, applicant) and _asks_for(former, orders)):
        raise SubmittedAlready(_reused_text(former), application=former.number)
    return former


def _asked_by(former: Application, applicant: ApplicantInput) -> bool:
    rows = Applicant.objects.with_id(applicant.id_type, spelled(applicant.id_number))
    return bool(rows.filter(pk=former.applicant_id).exists())


def _asks_for(former: Application, orders: Sequence[ItemOrder]) -> bool:
    asked = set(former.cases.values_list("version_id", flat=True))
    return asked == {order.version_id for order in orders}


def _reused_text(former: Application) -> str:
    return _(
        "this form became application %(number)s, of another applicant or for other items; "
        "nothing new is stored yet: check what is typed and submit again"
    ) % {"number": former.number}


@transaction.atomic
def _hand_in(
    *,
    actor: User,
    settle: bool,
    correction_due_on: date | None,
    draft_id: int | None,
    help_order: HelpOrder | None,
    given: dict[str, Any],
) -> Application:
    opening = prepare(actor=actor, **given)
    application = opening.application
    _move_all(opening)
    settles = settle and not application.is_online
    if not settles:
        application.receipt = _receipt_paper(application, opening.cases, actor=actor)
    store(opening)
    token = given["submission_token"]
    settle_drafts(application=application, actor=actor, token=token, draft_id=draft_id)
    if help_order is not None:
        begin_helping(application_id=application.pk, actor=actor, order=help_order)
    _announce(opening)
    if not settles:
        return application
    settle_application(
        application_id=application.pk, actor=actor, correction_due_on=correction_due_on
    )
    return issue_receipt(application_id=application.pk, actor=actor)


def _move_all(opening: Opening) -> None:
    """Every case is submitted or received before it is stored: nobody else can hold it yet."""
    application, actor = opening.application, opening.actor
    online, at = application.is_online, application.received_at
    verb, law = _first_move(application), clocks.law_of_acceptance(online=online, at=at)
    for case in opening.cases:
        refuse_move(case, verb, actor=actor)
        if not online:
            case.handler, case.desk = actor, Desk.WINDOW
        opening.links += clocks.owe_acceptance(case, law, actor=actor, online=online, at=at)
        opening.moves[case.number] = {"verb": verb, "data": make_move(case, verb)}


def _first_move(application: Application) -> str:
    return "submit_case" if application.is_online else "receive_case"


def _announce(opening: Opening) -> None:
    """The point is told of what came in online, and whoever listens of every case."""
    application, facts = opening.application, {"sender": Case, "actor": opening.actor}
    if application.is_online:
        telling.tell_point(*opening.cases)
    application_opened.send(sender=Application, application=application, actor=opening.actor)
    moved = case_submitted if application.is_online else case_received
    for case in opening.cases:
        moved.send(case=case, **facts)


def hand_in_application(
    *,
    actor: User,
    applicant: ApplicantInput,
    orders: Sequence[ItemOrder],
    settle: bool = True,
    correction_due_on: date | None = None,
    submission_token: str = "",
    draft_id: int | None = None,
    help_order: HelpOrder | None = None,
    **given: Any,
) -> Application:
    """The application is opened, received and settled as one; the same form twice is one.

    At a window complete cases are accepted and incomplete ones get their notice; online
    they are submitted. The forms in the making that it came from are settled. ``given`` is
    what ``open_application`` takes.

    Raises:
        SubmittedAlready: the form was handed in before, by another person or for other items.
        DomainError: whatever opening, receiving, accepting refuse; nothing is stored then.
    """
    former = _same_form(submission_token, actor, applicant, orders)
    if former is not None:
        return former
    given |= {"applicant": applicant, "orders": orders, "submission_token": submission_token}
    try:
        return _hand_in(
            actor=actor,
            settle=settle,
            correction_due_on=correction_due_on,
            draft_id=draft_id,
            help_order=help_order,
            given=given,
        )
    except IntegrityError:
        former = _same_form(submission_token, actor, applicant, orders)
        if former is None:
            raise
        return former
