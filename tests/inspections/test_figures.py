"""Figures are their rows, as of a day, and cost the same however many rows there are."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from common import time
from inspections import parts, services
from inspections.models import Campaign
from tests.factories.inspections import Scene, make_campaign, make_scene

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=time.TZ)


def counts(scene: Scene, as_of: object = None) -> dict[str, int]:
    figures = parts.campaign_figures(scene.campaign, user=scene.officer, as_of=as_of)
    return {key: figure.count for key, figure in figures.items() if figure.count}


def test_it_works() -> None:
    scene = make_scene()
    assert counts(scene) == {"targets": 3, "todo": 3}
    scene.ordered()
    scene.submitted(1, failures={})
    assert counts(scene) == {
        "targets": 3,
        "visited": 2,
        "todo": 1,
        "person_times": 4,
        "faulty": 1,
        "problems": 1,
        "orders": 1,
    }


def test_figures_as_of_a_day_are_what_stood_at_its_end() -> None:
    with time.freeze(MONDAY):
        scene = make_scene()
        order = scene.ordered()
    with time.freeze(MONDAY + timedelta(days=1)):
        scene.submitted(1, failures={})
        services.correct_everything(actor=scene.officer, order=order, dispatch_id=scene.outing().pk)
    monday, tuesday = MONDAY.date(), MONDAY.date() + timedelta(days=1)
    assert counts(scene, monday - timedelta(days=1)) == {}
    early, late = counts(scene, monday), counts(scene, tuesday)
    assert (early["visited"], early["person_times"], "closed_orders" in early) == (1, 2, False)
    assert (late["visited"], late["person_times"], late["closed_orders"]) == (2, 6, 1)
    assert late["rechecks"] == 1


def test_a_void_visit_counts_until_the_day_it_was_voided() -> None:
    with time.freeze(MONDAY):
        scene = make_scene()
        visit = scene.submitted(failures={})
    with time.freeze(MONDAY + timedelta(days=1)):
        services.void_visit(actor=scene.officer, visit_id=visit.pk, reason="走错学校")
        assert counts(scene)["todo"] == 3
    assert counts(scene, MONDAY.date())["visited"] == 1
    assert "visited" not in counts(scene, MONDAY.date() + timedelta(days=1))


def test_an_excluded_target_no_longer_counts() -> None:
    scene = make_scene()
    services.exclude_target(actor=scene.head, target_id=scene.targets[0].pk, reason="停办")
    assert counts(scene)["targets"] == 2


def test_figures_stay_within_sight() -> None:
    scene, other = make_scene("market"), make_scene("street")
    scene.ordered()
    figure = parts.figure_of(scene.campaign, "person_times", user=other.officer)
    assert figure.count == 0


@pytest.mark.parametrize("path", ["", "?show=all", "?as_of=2026-11-20"])
def test_a_campaign_page_costs_the_same_with_more_rows(
    client: Client, django_assert_max_num_queries: object, path: str
) -> None:
    scene = make_scene()
    client.force_login(scene.officer)
    url = f"/inspections/campaigns/{scene.campaign.pk}/{path}"
    with django_assert_max_num_queries(60) as few:
        assert client.get(url).status_code == 200
    bigger = make_campaign(scene.unit, "market", scene.head, count=40)
    Scene(bigger, scene.unit, scene.officer, scene.second, scene.head).ordered(5)
    with django_assert_max_num_queries(len(few)):
        client.get(f"/inspections/campaigns/{bigger.pk}/{path}")


def test_a_list_of_campaigns_costs_the_same_with_more_rows(
    client: Client, django_assert_max_num_queries: object
) -> None:
    scene = make_scene()
    client.force_login(scene.officer)
    with django_assert_max_num_queries(40) as few:
        client.get("/inspections/")
    for _place in range(5):
        make_campaign(scene.unit, "market", scene.head)
    assert Campaign.objects.count() == 6
    with django_assert_max_num_queries(len(few)):
        client.get("/inspections/")


def test_progress_is_counted_from_rows() -> None:
    scene = make_scene()
    scene.ordered()
    row = Campaign.objects.with_progress().get()
    assert (row.target_count, row.visited_count) == (3, 1)
    services.record_sampling_batch(
        actor=scene.officer,
        campaign_id=scene.campaign.pk,
        subject_id=scene.targets[0].subject_id,
        facts=services.BatchInput("CY-1", "大米", time.today()),
        client_uuid=uuid4(),
    )
    assert counts(scene)["batches"] == 1
