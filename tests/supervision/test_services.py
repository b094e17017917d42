"""Cards are written once and go the way the table says."""

import pytest
from django.db import IntegrityError, transaction

from common.errors import NotFound, TransitionRefused
from common.events import chain_faults
from common.time import freeze
from deadlines.choices import Debtor, StageKey
from deadlines.models import StageFire
from deadlines.services import finish_clock
from deadlines.signals import stage_fired
from notifications.models import InboxMessage
from supervision.choices import CardColour, CardSource, CardState
from supervision.errors import NotYourCard, ReasonMissing
from supervision.models import Card, CardEvent
from supervision.services import (
    acknowledge_card,
    answer_card,
    appeal_card,
    record_stage,
    revoke_card,
    uphold_card,
)
from tests.factories.supervision import (
    AFTER_SILENCE,
    AFTER_STATUTE,
    AFTER_YELLOW,
    District,
    make_clock,
    make_yellow_card,
    sweep_at,
)


def test_it_works(district: District) -> None:
    card = make_yellow_card(district)
    assert card.colour == CardColour.YELLOW
    assert card.source == CardSource.STAGE
    assert card.unit == district.organ
    assert card.person == district.reviewer
    assert card.written_at == AFTER_YELLOW
    assert "2026年11月9日" in card.reason
    assert [event.verb for event in CardEvent.objects.for_subject(card.pk)] == ["write"]


def test_a_second_sweep_writes_nothing(district: District) -> None:
    make_yellow_card(district)
    sweep_at(AFTER_YELLOW)
    assert Card.objects.count() == 1


def test_the_same_stage_heard_twice_is_one_card_and_one_event(district: District) -> None:
    card = make_yellow_card(district)
    fire = StageFire.objects.get(clock=card.clock, stage=StageKey.YELLOW)
    assert record_stage(clock=card.clock, fire=fire) == card
    assert CardEvent.objects.count() == 1


def test_the_database_refuses_a_second_card_for_a_stage(district: District) -> None:
    card = make_yellow_card(district)
    card.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        card.save(force_insert=True)


def test_an_unanswered_yellow_turns_red_and_an_unanswered_red_is_escalated(
    district: District,
) -> None:
    make_yellow_card(district)
    sweep_at(AFTER_SILENCE)
    red = Card.objects.get(colour=CardColour.RED)
    assert red.stage == StageKey.RED_UNANSWERED
    sweep_at(AFTER_STATUTE)
    assert Card.objects.filter(stage=StageKey.RED_STATUTE).count() == 1
    verbs = CardEvent.objects.filter(verb="escalate").values_list("card__colour", flat=True)
    assert list(verbs) == [CardColour.RED]


def test_an_answer_cancels_the_red_card_for_silence(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        answer_card(card_id=card.pk, actor=district.reviewer, note="申请人补件中，本周办结")
    sweep_at(AFTER_SILENCE)
    card.refresh_from_db()
    assert card.state == CardState.ANSWERED
    assert not Card.objects.filter(colour=CardColour.RED).exists()
    assert InboxMessage.objects.filter(recipient=district.supervisor).count() == 1


def test_a_revoked_yellow_cancels_it_too(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        revoke_card(card_id=card.pk, actor=district.supervisor, note="系统停电一天")
    sweep_at(AFTER_SILENCE)
    assert Card.objects.get().state == CardState.REVOKED
    assert InboxMessage.objects.filter(recipient=district.reviewer, subject_kind="card").exists()


def test_a_closed_matter_is_given_no_card(district: District) -> None:
    clock = make_clock(district)
    with freeze(AFTER_YELLOW.replace(day=6)):
        finish_clock(clock_id=clock.pk, actor=district.reviewer)
    sweep_at(AFTER_STATUTE)
    assert not Card.objects.exists()


def test_a_party_is_given_no_card(district: District) -> None:
    make_clock(district, debtor=Debtor.PARTY)
    sweep_at(AFTER_STATUTE)
    assert not Card.objects.exists()


def test_an_appeal_is_upheld_with_a_reason(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        appeal_card(card_id=card.pk, actor=district.reviewer, note="材料在途")
        with pytest.raises(ReasonMissing):
            uphold_card(card_id=card.pk, actor=district.supervisor, note="  ")
        card = uphold_card(card_id=card.pk, actor=district.supervisor, note="在途不停计时")
    assert card.state == CardState.UPHELD
    events = list(CardEvent.objects.for_subject(card.pk))
    assert [event.verb for event in events] == ["write", "appeal", "uphold"]
    assert chain_faults(events) == []


@pytest.mark.parametrize("who", ["clerk", "supervisor"])
def test_only_the_holder_answers(district: District, who: str) -> None:
    card = make_yellow_card(district)
    with pytest.raises((NotYourCard, TransitionRefused)):
        answer_card(card_id=card.pk, actor=getattr(district, who), note="代答")
    card.refresh_from_db()
    assert card.state == CardState.WRITTEN


def test_the_head_answers_for_his_unit(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        assert answer_card(card_id=card.pk, actor=district.head, note="已督促").answered_at


def test_another_unit_does_not_even_see_it(district: District) -> None:
    card = make_yellow_card(district)
    with pytest.raises(NotFound):
        acknowledge_card(card_id=card.pk, actor=district.other_head)


def test_a_second_click_changes_nothing(district: District) -> None:
    card = make_yellow_card(district)
    with freeze(AFTER_YELLOW):
        acknowledge_card(card_id=card.pk, actor=district.reviewer)
        with pytest.raises(TransitionRefused):
            acknowledge_card(card_id=card.pk, actor=district.reviewer)
        answer_card(card_id=card.pk, actor=district.reviewer, note="本周办结")
        with pytest.raises(TransitionRefused):
            answer_card(card_id=card.pk, actor=district.reviewer, note="再答")
    assert CardEvent.objects.filter(card=card).count() == 3


def test_nothing_survives_a_hearer_that_fails(district: District) -> None:
    clock = make_clock(district)

    def fail(**_kwargs: object) -> None:
        raise RuntimeError

    stage_fired.connect(fail, dispatch_uid="test.fail")
    try:
        sweep_at(AFTER_YELLOW)
    finally:
        stage_fired.disconnect(dispatch_uid="test.fail")
    assert not StageFire.objects.filter(clock=clock).exists()
    assert not Card.objects.exists()
    sweep_at(AFTER_SILENCE)
    assert Card.objects.filter(clock=clock, stage=StageKey.YELLOW).count() == 1
