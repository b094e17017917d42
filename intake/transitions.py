"""Every move of a case: the truth for admin, API, diagrams and tests."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import PersonErased
from common.flow import Flow, Guard, Transition
from deadlines.choices import Effect
from intake.choices import CaseState as S
from intake.choices import ContactSide, Desk, HelpState, Side
from intake.choices import FirstContactState as F
from intake.rules.acceptance import MaterialFacts, open_names
from intake.rules.bundles import EarlierPart, refusal_by_earlier


class CaseFacts(Protocol):
    """What the guards ask of a case."""

    state: str
    desk: str
    correction_count: int
    deemed: str
    extension_pending: bool
    decidable_on_spot: bool
    applicant_erased: bool
    earlier_parts: Sequence[EarlierPart]

    def asked_materials(self) -> Iterable[MaterialFacts]:
        """Materials the guide asks for, with what came of them."""


def materials_complete(case: CaseFacts) -> str | Promise | None:
    """A case is accepted only when nothing that hinders is missing."""
    names = open_names(case.asked_materials())
    if not names:
        return None
    return gettext("still missing: %(names)s") % {"names": gettext(", ").join(names)}


def not_asked_before(case: CaseFacts) -> str | Promise | None:
    """The one-time notice is told once (行政许可法 32, 安阳条例 36)."""
    if not case.correction_count:
        return None
    return gettext("the one-time notice was told already; a second one needs the head's reason")


def asked_before(case: CaseFacts) -> str | Promise | None:
    """A second notice has a first one before it."""
    return None if case.correction_count else gettext("no one-time notice has been told yet")


def at_department(case: CaseFacts) -> str | Promise | None:
    """The department acts on what lies on its desk."""
    if case.desk == Desk.DEPARTMENT:
        return None
    return gettext("the case was sent back to the window and has not returned yet")


def at_window(case: CaseFacts) -> str | Promise | None:
    """The window sends on what was sent back to it."""
    return None if case.desk == Desk.WINDOW else gettext("the case is on the department's desk")


def on_the_spot(case: CaseFacts) -> str | Promise | None:
    """Only the deciding level itself, or an authorised one, decides at the window."""
    if case.decidable_on_spot:
        return None
    return gettext("this item is not decided at this service point")


def earlier_granted(case: CaseFacts) -> str | Promise | None:
    """Where a bundle goes in steps, what comes later is granted later."""
    return refusal_by_earlier(case.earlier_parts)


def extension_asked(case: CaseFacts) -> str | Promise | None:
    """There is a request to answer."""
    return None if case.extension_pending else gettext("no extension has been requested")


def no_extension_asked(case: CaseFacts) -> str | Promise | None:
    """One request at a time."""
    return gettext("an extension has been requested already") if case.extension_pending else None


def deemed_by_law(case: CaseFacts) -> str | Promise | None:
    """Only an effect that stands is annulled; a renewal only by a new decision (行政许可法 69)."""
    undone_from: dict[str, Iterable[str]] = {
        Effect.DEEMED_WITHDRAWN: [S.WITHDRAWN],
        Effect.DEEMED_ACCEPTED: IN_HAND,
    }
    if case.deemed == Effect.DEEMED_RENEWED:
        return gettext("a renewal by law is undone only by a new decision")
    if case.state not in undone_from.get(case.deemed, ()):
        return gettext("the law has not taken effect in this case")
    return None


def applicant_known(case: CaseFacts) -> str | Promise | None:
    """Nothing begins anew for somebody whose data are no more."""
    return PersonErased.default_message if case.applicant_erased else None


def _move(
    name: str,
    label: str | Promise,
    sources: Iterable[str],
    target: str | None,
    *guards: Guard,
    permission: str = "",
    side: str = Side.WINDOW,
    note: bool = False,
    likely: int = 0,
    restores: Iterable[str] = (),
) -> Transition:
    return Transition(
        name=name,
        label=label,
        sources=frozenset(sources),
        target=target,
        permission=f"intake.{permission or name}",
        guards=guards,
        note_required=note,
        side=side,
        likely=likely,
        restores=frozenset(restores),
    )


OPEN = (S.SUBMITTED, S.RECEIVED)
IN_HAND = (S.ACCEPTED, S.REVIEWING)
ENDED = (S.DELIVERED, S.REFUSED_ACCEPTANCE, S.RETURNED, S.WITHDRAWN, S.TERMINATED)
DEPARTMENT = Side.DEPARTMENT
EITHER = Side.EITHER

WINDOW_MOVES = (
    _move("submit_case", _("submit"), [S.DRAFT], S.SUBMITTED, likely=9),
    _move("receive_case", _("receive"), [S.DRAFT, S.SUBMITTED], S.RECEIVED, likely=7),
    _move("accept_case", _("accept"), OPEN, S.ACCEPTED, materials_complete, likely=9),
    _move("add_materials", _("take in materials"), (*OPEN, *IN_HAND), None, side=EITHER, likely=6),
    _move(
        "request_correction",
        _("issue one-time notice"),
        OPEN,
        S.CORRECTING,
        not_asked_before,
        likely=8,
    ),
    _move(
        "repeat_correction",
        _("issue a second notice"),
        OPEN,
        S.CORRECTING,
        asked_before,
        side=DEPARTMENT,
        note=True,
    ),
    _move("hand_in_correction", _("take in corrections"), [S.CORRECTING], S.RECEIVED, likely=9),
    _move("refuse_acceptance", _("do not accept"), OPEN, S.REFUSED_ACCEPTANCE, likely=3),
    _move(
        "return_case",
        _("return at the applicant's wish"),
        (*OPEN, S.CORRECTING),
        S.RETURNED,
        note=True,
        likely=2,
    ),
    _move(
        "reassign_case",
        _("hand over"),
        (*OPEN, S.ACCEPTED),
        None,
        side=EITHER,
        note=True,
        likely=1,
    ),
    _move(
        "withdraw_case",
        _("withdraw at the applicant's wish"),
        (*OPEN, S.CORRECTING, *IN_HAND, S.SUSPENDED),
        S.WITHDRAWN,
        note=True,
    ),
    _move("send_on", _("send back to the department"), [S.ACCEPTED], None, at_window, likely=9),
    _move(
        "decide_on_spot",
        _("decide on the spot"),
        [S.ACCEPTED],
        S.AWAITING_DELIVERY,
        on_the_spot,
        earlier_granted,
        likely=8,
    ),
)
DEPARTMENT_MOVES = (
    _move(
        "begin_review",
        _("begin review"),
        [S.ACCEPTED],
        S.REVIEWING,
        at_department,
        permission="review_case",
        side=DEPARTMENT,
        likely=9,
    ),
    _move(
        "record_review",
        _("record opinion"),
        [S.REVIEWING],
        None,
        permission="review_case",
        side=DEPARTMENT,
        likely=6,
    ),
    _move(
        "send_to_window",
        _("send back to the window"),
        IN_HAND,
        S.ACCEPTED,
        at_department,
        permission="review_case",
        side=DEPARTMENT,
        note=True,
        likely=2,
    ),
    _move(
        "suspend_case",
        _("begin special procedure"),
        [S.REVIEWING],
        S.SUSPENDED,
        permission="review_case",
        side=DEPARTMENT,
        likely=4,
    ),
    _move(
        "resume_case",
        _("end special procedure"),
        [S.SUSPENDED],
        S.REVIEWING,
        permission="review_case",
        side=DEPARTMENT,
        likely=9,
    ),
    _move(
        "request_extension",
        _("request extension"),
        [S.REVIEWING],
        None,
        no_extension_asked,
        permission="review_case",
        side=DEPARTMENT,
        likely=3,
    ),
    _move(
        "approve_extension",
        _("approve extension"),
        [S.REVIEWING, S.SUSPENDED],
        None,
        extension_asked,
        permission="decide_extension",
        side=DEPARTMENT,
        likely=7,
    ),
    _move(
        "refuse_extension",
        _("refuse extension"),
        [S.REVIEWING, S.SUSPENDED],
        None,
        extension_asked,
        permission="decide_extension",
        side=DEPARTMENT,
        note=True,
        likely=5,
    ),
    _move(
        "grant_case",
        _("grant"),
        [S.REVIEWING],
        S.CLOSED,
        earlier_granted,
        permission="decide_case",
        side=DEPARTMENT,
        likely=8,
    ),
    _move(
        "refuse_case",
        _("refuse"),
        [S.REVIEWING],
        S.CLOSED,
        permission="decide_case",
        side=DEPARTMENT,
        likely=5,
    ),
    _move(
        "terminate_case",
        _("terminate"),
        (*IN_HAND, S.SUSPENDED),
        S.TERMINATED,
        side=DEPARTMENT,
        note=True,
    ),
    _move(
        "ready_result",
        _("result is ready"),
        [S.CLOSED],
        S.AWAITING_DELIVERY,
        side=EITHER,
        likely=9,
    ),
    _move(
        "deliver_result",
        _("hand out"),
        [S.AWAITING_DELIVERY],
        S.DELIVERED,
        side=EITHER,
        likely=9,
    ),
    _move(
        "annul_effect",
        _("annul the effect of the law"),
        (*IN_HAND, S.WITHDRAWN),
        None,
        deemed_by_law,
        no_extension_asked,
        applicant_known,
        side=DEPARTMENT,
        note=True,
        restores=(*OPEN, S.CORRECTING, *IN_HAND, S.SUSPENDED),
    ),
    _move("archive_case", _("archive"), ENDED, S.ARCHIVED, side=EITHER, likely=4),
)

LAW_MOVES = (
    _move("deem_accepted", _("deemed accepted"), OPEN, S.ACCEPTED, side=Side.LAW),
    _move(
        "deem_withdrawn",
        _("deemed withdrawn"),
        (S.CORRECTING, *IN_HAND, S.SUSPENDED),
        S.WITHDRAWN,
        side=Side.LAW,
    ),
    _move("deem_renewed", _("deemed renewed"), (*IN_HAND, S.SUSPENDED), S.CLOSED, side=Side.LAW),
)

CASE_FLOW = Flow(S, initial=S.DRAFT, transitions=(*WINDOW_MOVES, *DEPARTMENT_MOVES, *LAW_MOVES))

VERB_PERMISSIONS = tuple(
    (codename, f"May: {codename.replace('_', ' ')}")
    for codename in sorted(
        {move.permission.split(".")[1] for move in CASE_FLOW.transitions if move.side != Side.LAW}
    )
)

FIRST_CONTACT_FLOW = Flow(
    F,
    initial=F.RECORDED,
    transitions=(
        _move(
            "hand_over_contact",
            _("hand over to the right place"),
            [F.RECORDED],
            F.HANDED_OVER,
            permission="record_first_contact",
            side=ContactSide.GIVER,
            likely=9,
        ),
        _move(
            "answer_at_once",
            _("answer here"),
            [F.RECORDED],
            F.ANSWERED,
            permission="record_first_contact",
            side=ContactSide.GIVER,
            note=True,
            likely=5,
        ),
        _move(
            "take_contact",
            _("take up"),
            [F.HANDED_OVER],
            F.TAKEN,
            permission="answer_first_contact",
            side=ContactSide.RECEIVER,
            likely=9,
        ),
        _move(
            "answer_contact",
            _("answer"),
            [F.TAKEN],
            F.ANSWERED,
            permission="answer_first_contact",
            side=ContactSide.RECEIVER,
            note=True,
            likely=8,
        ),
        _move(
            "hand_on_contact",
            _("hand on to another place"),
            [F.HANDED_OVER, F.TAKEN],
            F.HANDED_OVER,
            permission="answer_first_contact",
            side=ContactSide.RECEIVER,
            note=True,
            likely=2,
        ),
    ),
)

HELP_FLOW = Flow(
    HelpState,
    initial=HelpState.HELPING,
    transitions=(
        _move(
            "note_help",
            _("write down what was done"),
            [HelpState.HELPING],
            None,
            permission="help_applicant",
            note=True,
            likely=9,
        ),
        _move(
            "pass_help",
            _("pass on to a colleague"),
            [HelpState.HELPING],
            None,
            permission="help_applicant",
            likely=4,
        ),
        _move(
            "end_help",
            _("end the help"),
            [HelpState.HELPING],
            HelpState.ENDED,
            permission="help_applicant",
            note=True,
            likely=6,
        ),
    ),
)
