"""Verbs of cards: written once for a stage, acknowledged, answered, appealed, upheld, revoked.

Lock order: the subject, the clock, the card. Whoever answers a card moves the clock's
ladder in the same transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import time
from common.errors import InvalidInput, NotFound
from common.flow import Offer
from deadlines.choices import Debtor, StageKey
from deadlines.models import Clock, StageFire
from deadlines.registry import lock_subject
from deadlines.services import settle_unanswered
from deadlines.services.recipients import handlers, is_present
from documents.models import Attachment
from documents.services import next_number, store_attachment
from notifications.choices import Reach
from notifications.services import notify
from organisations.choices import Role
from organisations.models import Post, Region, User
from organisations.rules import region_prefix
from organisations.services import system_user
from supervision.choices import CardColour, CardSource, CardState
from supervision.errors import FileRefused, NotYourCard, ReasonMissing
from supervision.models import Card, CardEvent, CardFile
from supervision.rules import CARD_OF_STAGE
from supervision.transitions import CARD_FLOW, HOLDER

SERIES = "supervision.card"
DISTRICT_DIGITS = 6
WRITE = "write"
MOST_FILES = 9
WITH_FILES = frozenset({"answer", "appeal"})
ESCALATE = "escalate"


def record_stage(*, clock: Clock, fire: StageFire) -> Card | None:
    """The card a stage calls for is written; an escalation is noted on the cards it is about."""
    if clock.debtor != Debtor.UNIT:
        return None
    if fire.stage == StageKey.ESCALATE:
        return _escalate(clock, fire)
    colour = CARD_OF_STAGE.get(StageKey(fire.stage))
    return write_card_for_stage(clock=clock, fire=fire, colour=colour) if colour else None


def _reason(clock: Clock, stage: str) -> tuple[str, Any]:
    if stage == StageKey.YELLOW:
        due, text = clock.promised_due_on, _("not closed by %(day)s, the promised limit")
    elif stage == StageKey.RED_STATUTE:
        due, text = clock.statutory_due_on, _("not closed by %(day)s, the statutory limit")
    else:
        due, text = clock.promised_due_on, _("the yellow card over %(day)s stood unanswered")
    return text % {"day": date_format(due) if due else "—"}, due


@transaction.atomic
def write_card_for_stage(*, clock: Clock, fire: StageFire, colour: CardColour) -> Card:
    """One card exists for this stage of this epoch, in the transaction that reached it."""
    written = Card.objects.of_epoch(clock.pk, fire.epoch).of_stage(fire.stage).first()
    if written is not None:
        return written
    reason, due = _reason(clock, fire.stage)
    card = Card.objects.create(
        clock=clock,
        epoch=fire.epoch,
        stage=fire.stage,
        source=CardSource.STAGE,
        colour=colour,
        number=_next_number(clock, fire.fired_at),
        subject_label=clock.subject_label,
        subject_number=clock.subject_number,
        region_code=clock.region_code,
        unit_id=clock.department_id,
        person_id=clock.handler_id,
        reason=reason,
        due_on=due,
        written_at=fire.fired_at,
    )
    basis = clock.rule.legal_basis if clock.rule else ""
    _record(card, system_user("sweep"), WRITE, reason, at=fire.fired_at, basis=basis)
    return card


def _next_number(clock: Clock, at: datetime) -> str:
    """北关区督办〔2026〕12号: one series a district and year; the counter is locked last."""
    code = clock.region_code[:DISTRICT_DIGITS]
    year, actor = time.local_date(at).year, system_user("sweep")
    drawn = next_number(series_key=SERIES, organ_code=code, year=year, actor=actor)
    named = Region.objects.filter(pk=code.ljust(12, "0")).values_list("name", flat=True)
    return f"{named.first() or ''}督办〔{year}〕{drawn}号"


def _escalate(clock: Clock, fire: StageFire) -> Card | None:
    reds = Card.objects.of_epoch(clock.pk, fire.epoch).red().standing().locked()
    card = reds.order_by("-pk").first()
    if card is None or card.escalated_at:
        return card
    card.escalated_at = fire.fired_at
    card.save(update_fields=["escalated_at"])
    _record(card, system_user("sweep"), ESCALATE, "", at=fire.fired_at)
    return card


def _record(
    card: Card, actor: User, verb: str, note: str, *, at: datetime | None = None, basis: str = ""
) -> CardEvent:
    return CardEvent.append(
        card, actor=actor, verb=verb, note=note, data=_stands(card), at=at, legal_basis=basis
    )


def _stands(card: Card) -> dict[str, str]:
    return {"state": str(card.state), "colour": str(card.colour)}


def _record_with(
    card: Card, actor: User, verb: str, note: str, uploads: Sequence[Any]
) -> CardEvent:
    """What the holder said, with the files that bear it out; their digests are in the chain."""
    kept = [_kept(card, upload, actor) for upload in uploads]
    proof = {"files": [{"id": str(file.pk), "sha256": file.sha256} for file in kept]}
    said: dict[str, Any] = {"verb": verb, "note": note, "data": _stands(card)}
    event = CardEvent.append(card, actor=actor, proof=proof if kept else None, **said)
    CardFile.objects.bulk_create(
        [CardFile(card=card, event=event, attachment=file) for file in kept]
    )
    return event


def _kept(card: Card, upload: Any, actor: User) -> Attachment:
    name = str(upload.name)
    place: dict[str, Any] = {"region_code": card.region_code, "department": card.unit}
    try:
        return store_attachment(upload=upload, name=name, actor=actor, **place)
    except InvalidInput as fault:
        raise FileRefused(fields={"files": [f"{name}: {fault.message}"]}) from fault


def locked_card(card_id: int, actor: User) -> Card:
    """The card within the actor's sight, subject, clock and card locked in that order."""
    seen = Card.objects.visible_to(actor).filter(pk=card_id).select_related("clock").first()
    if seen is None:
        raise NotFound
    if seen.clock:
        lock_subject(seen.clock)
        Clock.objects.locked().get(pk=seen.clock_id)
    card: Card = Card.objects.locked().get(pk=card_id)
    return card


def _move(card_id: int, verb: str, actor: User, note: str, files: Sequence[Any] = ()) -> Card:
    """The card after ``verb``, checked; the caller records and tells."""
    if len(files) > MOST_FILES:
        text = _("at most %(most)s files") % {"most": MOST_FILES}
        raise FileRefused(fields={"files": [text]})
    move, note = CARD_FLOW.by_name(verb), note.strip()
    card = locked_card(card_id, actor)
    CARD_FLOW.check(move, card, actor)
    if move.side == HOLDER and not card.is_held_by(actor):
        raise NotYourCard
    if move.note_required and not note:
        raise ReasonMissing(fields={"note": [str(ReasonMissing.default_message)]})
    CARD_FLOW.apply(move, card)
    return card


def _settle_clock(card: Card, actor: User) -> None:
    """What hung on the silence about the card no longer comes."""
    if card.clock_id and not card.answered_at:
        settle_unanswered(clock_id=card.clock_id, actor=actor, stage=card.stage)


@transaction.atomic
def acknowledge_card(*, card_id: int, actor: User, note: str = "") -> Card:
    """The holder has seen the card.

    Raises:
        NotFound: outside the actor's sight.
        TransitionRefused: it was acknowledged or settled before.
        NotYourCard: another unit holds it.
    """
    card = _move(card_id, "acknowledge", actor, note)
    card.save(update_fields=["state"])
    _record(card, actor, "acknowledge", note)
    return card


@transaction.atomic
def answer_card(*, card_id: int, actor: User, note: str, files: Sequence[Any] = ()) -> Card:
    """The holder has answered: the red card for silence, or the escalation, no longer comes.

    Raises:
        NotFound, TransitionRefused, NotYourCard: as for every verb of a card.
        ReasonMissing: nothing was written.
        FileRefused: too many files, or one that is not taken.
    """
    card = _move(card_id, "answer", actor, note, files)
    _settle_clock(card, actor)
    card.answered_at = time.now()
    card.save(update_fields=["state", "answered_at"])
    _record_with(card, actor, "answer", note, files)
    _tell(card, _offices(card), _("card answered: %(card)s"))
    return card


@transaction.atomic
def appeal_card(*, card_id: int, actor: User, note: str, files: Sequence[Any] = ()) -> Card:
    """The holder has appealed; the supervisor upholds or revokes. An appeal stops no clock.

    Raises:
        NotFound, TransitionRefused, NotYourCard, ReasonMissing, FileRefused: as for answering.
    """
    card = _move(card_id, "appeal", actor, note, files)
    card.appealed_at = time.now()
    card.save(update_fields=["state", "appealed_at"])
    _record_with(card, actor, "appeal", note, files)
    _tell(card, _offices(card), _("appeal against a card: %(card)s"))
    return card


@transaction.atomic
def uphold_card(*, card_id: int, actor: User, note: str) -> Card:
    """The office has looked at the answer or appeal: the card stands, with the reason.

    Raises:
        NotFound, TransitionRefused, ReasonMissing: as for answering.
    """
    card = _move(card_id, "uphold", actor, note)
    card.save(update_fields=["state"])
    _record(card, actor, "uphold", note)
    _tell(card, _holders(card), _("card upheld: %(card)s"))
    return card


@transaction.atomic
def revoke_card(*, card_id: int, actor: User, note: str) -> Card:
    """The card no longer counts, with its reason; it stays in the file.

    Raises:
        NotFound, TransitionRefused, ReasonMissing: as for answering.
    """
    card = _move(card_id, "revoke", actor, note)
    _settle_clock(card, actor)
    card.save(update_fields=["state"])
    _record(card, actor, "revoke", note)
    _tell(card, _holders(card), _("card revoked: %(card)s"))
    return card


VERBS: dict[str, Callable[..., Card]] = {
    "acknowledge": acknowledge_card,
    "answer": answer_card,
    "appeal": appeal_card,
    "uphold": uphold_card,
    "revoke": revoke_card,
}


def offers_for(card: Card, user: Any) -> list[Offer]:
    """Moves this user may make on this card now, with what still refuses them."""
    held = card.is_held_by(user)
    return [
        offer
        for offer in CARD_FLOW.available(card, user)
        if held or offer.transition.side != HOLDER
    ]


def _offices(card: Card) -> list[User]:
    posts = Post.objects.of_role(Role.SUPERVISOR).for_list()
    return _on_duty(
        post
        for post in posts
        if post.scope_code and card.region_code.startswith(region_prefix(post.scope_code))
    )


def _holders(card: Card) -> list[User]:
    """The card's person, or whoever stands in for him at once; else the head of the unit."""
    at = time.now()
    if card.person and is_present(card.person, at):
        return [card.person]
    found = handlers(card.clock, at) if card.clock else []
    return found or _on_duty(Post.objects.of_role(Role.HEAD).filter(unit=card.unit_id).for_list())


def _on_duty(posts: Iterable[Post]) -> list[User]:
    return [user for post in posts if (user := post.on_duty())]


def _tell(card: Card, users: list[User], title: str) -> None:
    events = CardEvent.objects.for_subject(card.pk)
    notify(
        recipients=users,
        title=title % {"card": card},
        body=card.reason,
        link=reverse("admin:supervision_card_change", args=(card.pk,)),
        subject_kind="card",
        subject_id=str(card.pk),
        dedupe_key=f"card:{card.pk}:{events.count()}",
        reach=Reach.OFFICE_HOURS,
    )


assert set(VERBS) == {move.name for move in CARD_FLOW.transitions}  # noqa: S101 - one verb a move
assert CARD_FLOW.initial == CardState.WRITTEN  # noqa: S101
