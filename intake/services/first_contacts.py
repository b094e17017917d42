"""First contacts: recorded by whoever was asked, handed to the right place, taken up, answered.

Nobody is sent away: every step leaves the matter with somebody, under a clock, on record.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from common import time
from common.errors import Forbidden, NotFound, PersonErased
from common.flow import Offer
from common.identity import spelled, telephone_fault
from common.keys import DataKey
from deadlines.choices import OPEN_STATES
from deadlines.services import SubjectFacts, finish_clock, start_clock
from intake.choices import FirstContactState
from intake.errors import (
    NoWindowPost,
    OtherPlace,
    ReceiverUnusable,
    SubmittedAlready,
    WishMissing,
)
from intake.models import FirstContact, FirstContactEvent
from intake.models.first_contact import ERASE, RECORD, REVEAL
from intake.rules.first_contacts import KEPT_DAYS, promise_of
from intake.transitions import FIRST_CONTACT_FLOW
from notifications.choices import Reach
from notifications.services import notify
from organisations.choices import Role
from organisations.models import Post, ServicePoint, Unit, User
from organisations.services import system_user

SUBJECT_KIND = "first_contact"
WISH_LENGTH = 200
NAME_LENGTH = 60
NOTE_LENGTH = 1000
AT_A_TIME = 1000
ANSWERING = (Role.CLERK, Role.REVIEWER, Role.HEAD)


@dataclass(frozen=True)
class Receiver:
    """Where a matter is handed to: a service point, or a unit behind the windows."""

    point: ServicePoint | None = None
    unit: Unit | None = None

    @property
    def named(self) -> bool:
        """Whether anything was chosen."""
        return self.point is not None or self.unit is not None

    def posts(self) -> list[Post]:
        """Posts that answer there, each with somebody on it."""
        rows = Post.objects.active().filter(role__in=ANSWERING).for_list()
        if self.point is not None:
            rows = rows.filter(point=self.point)
        else:
            rows = rows.filter(unit=self.unit)
        return [post for post in rows.order_by("pk") if post.holder_a or post.holder_b]


@dataclass(frozen=True)
class Given:
    """What was typed of somebody who asked."""

    token: str
    wanted: str
    name: str
    telephone: str


def _refuse(field: str, text: Any) -> None:
    raise ReceiverUnusable(fields={field: [str(text)]})


def _check_receiver(receiver: Receiver, contact: FirstContact) -> None:
    if not receiver.named:
        _refuse("point", _("say where the matter is handed to"))
    if receiver.point is not None and receiver.unit is not None:
        _refuse("unit", _("choose a service point or a unit, not both"))
    field = "point" if receiver.point is not None else "unit"
    if receiver == _present_place(contact):
        _refuse(field, _("the matter lies there already"))
    if not receiver.posts():
        _refuse(field, _("nobody holds a post there, so the matter would be lost; choose another"))


def _present_place(contact: FirstContact) -> Receiver:
    """Where the matter lies now."""
    if contact.state == FirstContactState.RECORDED:
        return Receiver(point=contact.point)
    if contact.receiver_point_id:
        return Receiver(point=contact.receiver_point)
    return Receiver(unit=contact.receiver_unit)


def record_first_contact(
    *,
    actor: User,
    token: str,
    wanted: str,
    name: str = "",
    telephone: str = "",
    receiver: Receiver | None = None,
    note: str = "",
) -> FirstContact:
    """What somebody wants stands on record, and lies with the named place if there is one.

    The same page sent twice is one record.

    Raises:
        Forbidden: the actor's posts do not allow it.
        NoWindowPost: the actor stands at no service point.
        WishMissing: it is not said what is wanted, or the telephone cannot be right.
        ReceiverUnusable: the matter cannot be handed to that place.
        SubmittedAlready: the page was sent by somebody else.
    """
    if not actor.has_perm("intake.record_first_contact"):
        raise Forbidden
    former = _sent_before(token, actor)
    if former is not None:
        return former
    given = Given(token, wanted, name, telephone)
    try:
        return _recorded(actor, given, receiver or Receiver(), note)
    except IntegrityError:
        # A double click: its twin was faster.
        former = _sent_before(token, actor)
        if former is None:
            raise
        return former


def _sent_before(token: str, actor: User) -> FirstContact | None:
    former = FirstContact.objects.filter(token=token).first()
    if former is not None and former.recorded_by_id != actor.pk:
        raise SubmittedAlready
    return former


@transaction.atomic
def _recorded(actor: User, given: Given, receiver: Receiver, note: str) -> FirstContact:
    contact = _entered(actor, given)
    if not receiver.named:
        return contact
    return hand_over_contact(contact_id=contact.pk, actor=actor, receiver=receiver, note=note)


def _entered(actor: User, given: Given) -> FirstContact:
    known = _known(given)
    contact = FirstContact(
        token=given.token,
        wanted=given.wanted.strip(),
        point=_point_of(actor),
        recorded_by=actor,
        data_key=DataKey.fresh(),
    )
    contact.region_code = contact.point.region_id
    contact.seal_json("person", known)
    contact.save()
    FirstContactEvent.append(contact, actor=actor, verb=RECORD, at=contact.recorded_at)
    _owe(contact, actor)
    return contact


def _point_of(actor: User) -> ServicePoint:
    points = (post.point for post in actor.acting_posts if post.point)
    point = next(points, None)
    if point is None:
        raise NoWindowPost
    return point


def _known(given: Given) -> dict[str, str]:
    """Name and telephone as they are sealed; neither need be given."""
    wanted, name, telephone = given.wanted.strip(), given.name.strip(), spelled(given.telephone)
    fault = telephone_fault(telephone) if telephone else None
    faults = {
        "wanted": "" if wanted else _("say what is wanted"),
        "telephone": str(fault or ""),
    }
    for field, text, most in (("wanted", wanted, WISH_LENGTH), ("name", name, NAME_LENGTH)):
        if len(text) > most:
            faults[field] = _("at most %(most)s characters") % {"most": most}
    found = {field: [text] for field, text in faults.items() if text}
    if found:
        raise WishMissing(fields=found)
    return {"name": name, "telephone": telephone}


def _locked(contact_id: int, actor: User) -> FirstContact:
    """The contact within the actor's sight, its row lock held.

    Raises:
        NotFound: outside the actor's sight.
    """
    if not FirstContact.objects.visible_to(actor).filter(pk=contact_id).exists():
        raise NotFound
    contact: FirstContact = FirstContact.objects.locked().for_list().get(pk=contact_id)
    return contact


def _held(contact_id: int, verb: str, actor: User, note: str) -> FirstContact:
    """The locked contact on which the actor may make the move now.

    Raises:
        NotFound, TransitionRefused, OtherPlace, WishMissing: as every verb says.
    """
    contact, move = _locked(contact_id, actor), FIRST_CONTACT_FLOW.by_name(verb)
    FIRST_CONTACT_FLOW.check(move, contact, actor)
    if move.side not in contact.side_of(actor):
        raise OtherPlace
    if move.note_required and not note.strip():
        raise WishMissing(fields={"note": [_("say what was done, or why")]})
    if len(note) > NOTE_LENGTH:
        text = _("at most %(most)s characters") % {"most": NOTE_LENGTH}
        raise WishMissing(fields={"note": [text]})
    return contact


def _move(contact: FirstContact, verb: str, actor: User, note: str) -> FirstContactEvent:
    """State, clock and event stand as the move leaves them."""
    former = contact.state
    FIRST_CONTACT_FLOW.apply(FIRST_CONTACT_FLOW.by_name(verb), contact)
    if contact.state == FirstContactState.ANSWERED:
        contact.answered_at = time.now()
        contact.erase_at = contact.answered_at + timedelta(days=KEPT_DAYS)
    contact.save()
    data = {"from": str(former), "to": str(contact.state), "receiver": contact.receiver}
    event = FirstContactEvent.append(contact, actor=actor, verb=verb, note=note.strip(), data=data)
    _owe(contact, actor)
    return event


def _owe(contact: FirstContact, actor: User) -> None:
    """The step before is done in the time it took; the next one runs, if one follows."""
    if contact.clock is not None and contact.clock.state in OPEN_STATES:
        finish_clock(clock_id=contact.clock.pk, actor=actor)
    promised = promise_of(contact.state)
    if promised is None:
        return
    facts = _facts(contact)
    contact.clock = start_clock(actor=actor, subject=facts, statutory=None, promised=promised)
    contact.save(update_fields=["clock"])
    contact.clocks.add(contact.clock)


def _facts(contact: FirstContact) -> SubjectFacts:
    """Whose step it is now; the wish itself stays out of lists of clocks."""
    at_giver = contact.state == FirstContactState.RECORDED
    point = contact.point if at_giver else contact.receiver_point
    unit = contact.point.unit if at_giver else contact.receiver_unit
    if unit is None:
        raise ReceiverUnusable
    posts = [] if at_giver else _present_place(contact).posts()
    return SubjectFacts(
        kind=SUBJECT_KIND,
        label=_("first contact: %(state)s") % {"state": contact.state_label},
        number=contact.number,
        region_code=point.region_id if point else contact.region_code,
        service_point_id=point.pk if point else None,
        department=unit,
        post=posts[0] if posts else None,
        handler=contact.recorded_by if at_giver else contact.taken_by,
        topic_code=SUBJECT_KIND,
    )


@transaction.atomic
def hand_over_contact(
    *, contact_id: int, actor: User, receiver: Receiver, note: str = ""
) -> FirstContact:
    """The matter lies with the named place, whose people are told at once.

    Raises:
        NotFound: outside the actor's sight.
        TransitionRefused: it was handed over or answered before.
        OtherPlace: another place was asked.
        ReceiverUnusable: the matter cannot be handed to that place.
    """
    return _hand("hand_over_contact", contact_id, actor, receiver, note)


@transaction.atomic
def hand_on_contact(
    *, contact_id: int, actor: User, receiver: Receiver, note: str = ""
) -> FirstContact:
    """The matter lies with another place, with the reason; whoever was asked first is told.

    Raises:
        NotFound, TransitionRefused, OtherPlace, ReceiverUnusable: as for handing over.
        WishMissing: no reason is given.
    """
    contact = _hand("hand_on_contact", contact_id, actor, receiver, note)
    _tell_giver(contact, _("handed on to %(place)s: %(wanted)s"))
    return contact


def _hand(verb: str, contact_id: int, actor: User, receiver: Receiver, note: str) -> FirstContact:
    contact = _held(contact_id, verb, actor, note)
    _check_receiver(receiver, contact)
    contact.receiver_point, contact.taken_by = receiver.point, None
    contact.receiver_unit = receiver.point.unit if receiver.point else receiver.unit
    event = _move(contact, verb, actor, note)
    people = [post.on_duty() or post.holder_a or post.holder_b for post in receiver.posts()]
    _tell(contact, (user for user in people if user), _("handed to you: %(wanted)s"), event)
    return contact


@transaction.atomic
def take_contact(*, contact_id: int, actor: User, note: str = "") -> FirstContact:
    """Somebody at the receiving place answers for it from now on; the giver is told.

    Raises:
        NotFound, TransitionRefused: as for handing over.
        OtherPlace: it was handed to another place.
    """
    contact = _held(contact_id, "take_contact", actor, note)
    contact.taken_by = actor
    _move(contact, "take_contact", actor, note)
    _tell_giver(contact, _("taken up by %(place)s: %(wanted)s"))
    return contact


@transaction.atomic
def answer_contact(*, contact_id: int, actor: User, note: str) -> FirstContact:
    """What was answered stands on record; the giver is told, name and telephone go in time.

    Raises:
        NotFound, TransitionRefused, OtherPlace: as for taking up.
        WishMissing: the answer says nothing.
    """
    contact = _held(contact_id, "answer_contact", actor, note)
    _move(contact, "answer_contact", actor, note)
    _tell_giver(contact, _("answered by %(place)s: %(wanted)s"))
    return contact


@transaction.atomic
def answer_at_once(*, contact_id: int, actor: User, note: str) -> FirstContact:
    """The place that was asked could answer after all.

    Raises:
        NotFound, TransitionRefused, OtherPlace, WishMissing: as for answering.
    """
    contact = _held(contact_id, "answer_at_once", actor, note)
    _move(contact, "answer_at_once", actor, note)
    return contact


@transaction.atomic
def reveal_contact(*, contact_id: int, actor: User, reason: str) -> dict[str, str]:
    """Name and telephone in plain text; who saw them, when and why is on record.

    Raises:
        NotFound: outside the actor's sight.
        Forbidden: the actor's posts do not allow it.
        OtherPlace: neither the giver nor the receiver asks.
        PersonErased: there is nothing left to show.
    """
    if not actor.has_perm("intake.reveal_applicant"):
        raise Forbidden
    contact = _locked(contact_id, actor)
    if not contact.side_of(actor):
        raise OtherPlace
    if contact.is_erased:
        raise PersonErased
    FirstContactEvent.append(contact, actor=actor, verb=REVEAL, note=reason)
    return contact.known_person()


def erase_old_contacts() -> int:
    """Names and telephones of contacts answered long enough ago are no more; how many."""
    keys = list(FirstContact.objects.to_erase().values_list("pk", flat=True)[:AT_A_TIME])
    return sum(_erased(key) for key in keys)


@transaction.atomic
def _erased(contact_id: int) -> bool:
    contact = FirstContact.objects.locked().for_list().get(pk=contact_id)
    if contact.is_erased:
        return False
    contact.person = b""
    contact.save(update_fields=["person"])
    contact.data_key.erase()
    FirstContactEvent.append(contact, actor=system_user("sweep"), verb=ERASE)
    return True


def contact_offers(contact: FirstContact, actor: User) -> list[Offer]:
    """Moves this person may make on this contact now."""
    sides = contact.side_of(actor)
    offered = FIRST_CONTACT_FLOW.available(contact, actor)
    return [offer for offer in offered if offer.transition.side in sides]


def hold_contact(clock_id: int) -> None:
    """The contact behind the clock is locked until the transaction ends: contact, then clock."""
    rows = FirstContact.objects.locked().filter(clock_id=clock_id)
    list(rows.values_list("pk"))


def _tell_giver(contact: FirstContact, title: str) -> None:
    last = contact.events.order_by("-seq").first()
    _tell(contact, [contact.recorded_by], title, last)


def _tell(
    contact: FirstContact, people: Iterable[User], title: str, event: FirstContactEvent | None
) -> None:
    place = str(contact.receiver)
    notify(
        recipients=people,
        title=title % {"wanted": contact.wanted, "place": place},
        body=event.note if event else "",
        link=reverse("admin:intake_firstcontact_change", args=(contact.pk,)),
        subject_kind=SUBJECT_KIND,
        subject_id=str(contact.pk),
        dedupe_key=f"{SUBJECT_KIND}:{contact.pk}:{event.seq if event else 0}",
        reach=Reach.OFFICE_HOURS,
    )


VERBS: dict[str, Callable[..., FirstContact]] = {
    "hand_over_contact": hand_over_contact,
    "answer_at_once": answer_at_once,
    "take_contact": take_contact,
    "answer_contact": answer_contact,
    "hand_on_contact": hand_on_contact,
}
HANDING = frozenset({"hand_over_contact", "hand_on_contact"})
