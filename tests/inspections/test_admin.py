"""Every screen opens within sight, and nothing is typed over."""

import pytest
from django.test import Client
from django.urls import reverse

from common.search import search_everything
from deadlines.registry import links_for
from inspections.models import ChecklistVersion
from organisations.choices import Role, UnitKind
from tests.factories.inspections import OTHER_STREET, make_officer, make_scene, make_unit

pytestmark = pytest.mark.django_db
SCREENS = ("campaign", "subject", "visit", "order", "problem", "checklistversion",
           "interview", "samplingbatch", "programmeprofile")  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
def test_it_works(client: Client, screen: str) -> None:
    scene = make_scene()
    scene.ordered()
    client.force_login(scene.head)
    assert client.get(reverse(f"admin:inspections_{screen}_changelist")).status_code == 200


def test_things_open_and_nothing_can_be_changed(client: Client) -> None:
    scene = make_scene()
    order = scene.ordered()
    client.force_login(scene.officer)
    things = {
        "campaign": scene.campaign.pk,
        "visit": order.visit_id,
        "order": order.pk,
        "subject": scene.targets[0].subject_id,
        "problem": order.items.get().problem_id,
        "checklistversion": ChecklistVersion.objects.get().pk,
    }
    for name, key in things.items():
        url = reverse(f"admin:inspections_{name}_change", args=[key])
        assert client.get(url).status_code == 200
        assert client.post(url, {}).status_code == 403


def test_another_street_sees_nothing(client: Client) -> None:
    scene = make_scene()
    order = scene.ordered()
    unit = make_unit("other", "另一街道", OTHER_STREET, UnitKind.STREET)
    stranger = make_officer("stranger", unit, Role.PATROLLER)
    client.force_login(stranger)
    page = client.get(reverse("admin:inspections_order_changelist"))
    assert page.context["cl"].result_count == 0
    url = reverse("admin:inspections_order_change", args=[order.pk])
    assert client.get(url).status_code == 302
    assert not list(search_everything(stranger, "示例"))


def test_the_search_box_finds_subjects_and_orders() -> None:
    scene = make_scene()
    order = scene.ordered()
    hits = {kind.kind: found for kind, found in search_everything(scene.officer, "监责改")}
    assert [hit.title for hit in hits["inspection_order"]] == [order.number]
    hits = {kind.kind: found for kind, found in search_everything(scene.officer, "第1小学")}
    assert len(hits["inspected_subject"]) == 1


def test_a_clock_leads_to_its_order(django_assert_num_queries: object) -> None:
    scene = make_scene()
    orders = [scene.ordered(place) for place in (0, 1)]
    clocks = [order.clock for order in orders]
    with django_assert_num_queries(1):
        links = links_for(clocks)
    assert [links[clock.pk].url for clock in clocks] == [
        f"/inspections/orders/{order.pk}/" for order in orders
    ]
