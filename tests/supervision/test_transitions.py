"""Every state, every verb, every role: the services do exactly what the table says."""

from itertools import product

import pytest
from django.db import transaction

from common.errors import DomainError
from common.time import freeze, now
from organisations.models import User
from supervision.choices import CardState
from supervision.models import Card, CardEvent
from supervision.services import VERBS
from supervision.transitions import CARD_FLOW, HOLDER
from tests.factories.supervision import AFTER_YELLOW, District, make_yellow_card

HOLDERS = {"reviewer", "head", "administrator"}
OFFICE = {"supervisor", "administrator"}
EVERYBODY = ("reviewer", "head", "other_head", "clerk", "supervisor", "administrator")


def put(card: Card, state: str, *, answered: bool, appealed: bool) -> None:
    """The card stands so, whatever led there."""
    card.answered_at = now() if answered else None
    card.appealed_at = now() if appealed else None
    Card.objects.filter(pk=card.pk).update(
        state=state, answered_at=card.answered_at, appealed_at=card.appealed_at
    )


def fits(verb: str, who: str, state: str, *, answered: bool, appealed: bool) -> bool:
    """What the table promises, read without its own code for guards."""
    move = CARD_FLOW.by_name(verb)
    side = HOLDERS if move.side == HOLDER else OFFICE
    spent = (verb == "answer" and answered) or (verb == "appeal" and appealed)
    return state in move.sources and who in side and not spent


def rows(card: Card) -> tuple[object, int]:
    return Card.objects.filter(pk=card.pk).values().get(), CardEvent.objects.count()


def tried(verb: str, card: Card, actor: User) -> bool:
    """Whether the verb was carried out; refused, it left card and events as they were."""
    before = rows(card)
    with transaction.atomic():
        try:
            VERBS[verb](card_id=card.pk, actor=actor, note="理由")
        except DomainError:
            assert rows(card) == before
            return False
        moved = Card.objects.get(pk=card.pk)
        assert moved.state == CARD_FLOW.by_name(verb).target
        assert CardEvent.objects.for_subject(card.pk).last().verb == verb
        transaction.set_rollback(True)
    return True


@pytest.mark.parametrize(("state", "verb"), list(product(CardState.values, VERBS)))
def test_it_works(district: District, state: str, verb: str) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        for who, answered, appealed in product(EVERYBODY, (False, True), (False, True)):
            put(card, state, answered=answered, appealed=appealed)
            may = fits(verb, who, state, answered=answered, appealed=appealed)
            assert tried(verb, card, getattr(district, who)) is may, (who, answered, appealed)


def test_every_state_is_reached() -> None:
    assert CARD_FLOW.unreachable() == set()
