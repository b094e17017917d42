from datetime import date

from supervision.rules import is_holder, monday_of, recent_weeks, sunday_of


def test_it_works() -> None:
    assert monday_of(date(2026, 11, 24)) == date(2026, 11, 23)
    assert sunday_of(date(2026, 11, 24)) == date(2026, 11, 29)


def test_a_monday_and_a_sunday_belong_to_their_own_week() -> None:
    assert monday_of(date(2026, 11, 23)) == date(2026, 11, 23)
    assert sunday_of(date(2026, 11, 29)) == date(2026, 11, 29)


def test_recent_weeks_end_with_this_one() -> None:
    weeks = recent_weeks(date(2026, 11, 24), 3)
    assert weeks == [date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)]


def test_a_card_is_answered_by_its_person_its_unit_or_an_administrator() -> None:
    card = {"card_unit": 7, "card_person": 1}
    assert is_holder(**card, user=1, user_units=[], everything=False)
    assert is_holder(**card, user=2, user_units=[7], everything=False)
    assert is_holder(**card, user=2, user_units=[], everything=True)
    assert not is_holder(**card, user=2, user_units=[8], everything=False)
