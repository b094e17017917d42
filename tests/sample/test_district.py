"""The whole district at the newspaper's true dates: loaded once, looked at from all sides."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, F

from catalogue.models import Item
from common import time
from deadlines.choices import Effect
from deadlines.services import verify_clocks
from inspections.models import (
    Campaign,
    CampaignTarget,
    DispatchMember,
    Evidence,
    Interview,
    Order,
    SamplingBatch,
)
from intake.choices import CaseState
from intake.models import Case, CaseEvent
from organisations.choices import PointKind
from organisations.models import Post, Region, ServicePoint, User
from sample.services import LoadOptions, LoadReport, load_district
from sample.services.staff import PASSWORD
from supervision.models import Card

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(900)]

NEWSPAPER_DAY = date(2021, 12, 6)
MINIMA = {
    PointKind.HALL: (2, 4),
    PointKind.STREET_CENTRE: (2, 4),
    PointKind.COMMUNITY_STATION: (1, 2),
}


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[LoadReport]:
    """The district of 7 December 2021, taken back after the last test of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_district(LoadOptions(day=date(2021, 12, 7)))
        transaction.set_rollback(True)


def test_it_works(district: LoadReport) -> None:
    assert district.items == 458
    assert Region.objects.count() == 131
    totals = Item.objects.totals()
    assert (totals["street"], totals["community"], totals["mobile"]) == (278, 216, 85)


def test_the_campaign_stands_where_the_newspaper_left_it(district: LoadReport) -> None:
    campaign = Campaign.objects.get()
    targets = CampaignTarget.objects.filter(campaign=campaign)
    assert targets.count() == 121
    assert targets.visited(NEWSPAPER_DAY).count() == 87
    assert DispatchMember.objects.as_of(NEWSPAPER_DAY).count() == 210
    assert Interview.objects.as_of(NEWSPAPER_DAY).count() == 1
    assert SamplingBatch.objects.as_of(NEWSPAPER_DAY).count() == 320
    last = campaign.dispatches.order_by("-on").values_list("on", flat=True).first()
    assert last == NEWSPAPER_DAY


def test_orders_are_open_and_closed(district: LoadReport) -> None:
    states = Counter(Order.objects.values_list("state", flat=True))
    assert states["issued"]
    assert states["corrected"]
    assert not Order.objects.filter(paper=None).exists()
    assert Evidence.objects.exists()


def test_every_state_of_a_case_is_there(district: LoadReport) -> None:
    states = Counter(Case.objects.values_list("state", flat=True))
    assert set(states) == set(CaseState.values)
    assert 55 <= sum(states.values()) <= 70


def test_timelines_were_walked_before_the_loading_day(district: LoadReport) -> None:
    end = time.at_local(date(2021, 12, 7))
    assert not CaseEvent.objects.filter(at__gte=end).exists()
    assert Case.objects.exclude(state="draft").filter(clock=None).count() == 0
    quiet = Case.objects.annotate(events_told=Count("events")).filter(events_told=0)
    assert not quiet.exists()


def test_cards_stand_and_clocks_agree_with_their_events(district: LoadReport) -> None:
    colours = Counter(Card.objects.values_list("colour", flat=True))
    assert colours["yellow"]
    assert colours["red"]
    assert {"answered", "revoked"} <= set(Card.objects.values_list("state", flat=True))
    assert list(verify_clocks()) == []


def test_the_law_has_acted_where_nobody_did(district: LoadReport) -> None:
    acted = Case.objects.exclude(deemed="").values_list("deemed", flat=True)
    assert {Effect.DEEMED_ACCEPTED, Effect.DEEMED_RENEWED} <= set(acted)


def test_points_meet_the_staffing_minima(district: LoadReport) -> None:
    clerks = Post.objects.of_role("clerk").values_list("point", "holder_a", "holder_b")
    people: dict[int | None, set[int | None]] = {}
    for point, first, second in clerks:
        people.setdefault(point, set()).update({first, second})
    points = ServicePoint.objects.annotate(window_count=Count("windows"))
    assert points.count() == 131
    for point in points:
        windows, staff = MINIMA[PointKind(point.kind)]
        assert point.window_count >= windows, point
        assert len(people[point.pk] - {None}) >= staff, point


def test_every_unit_of_a_case_has_somebody_to_review_it(district: LoadReport) -> None:
    units = set(Case.objects.values_list("department", flat=True))
    staffed = set(Post.objects.filter(role__in=("reviewer", "head")).values_list("unit", flat=True))
    assert units <= staffed


def test_accounts_let_people_in(district: LoadReport) -> None:
    names = ("dengta01", "beiguan_sq01", "canlian01", "canlian_head", "shijian01", "xiaoneng01")
    for name in (*names, "admin"):
        user = User.objects.get(username=name)
        assert user.check_password(PASSWORD)
        assert user.is_staff
        assert user.groups.exists()
    assert not User.objects.get(username="anxinban").has_usable_password()


def test_nobody_stands_in_for_himself(district: LoadReport) -> None:
    assert not Post.objects.filter(holder_a=F("holder_b")).exists()
    assert not Post.objects.filter(holder_b=None).exists()
