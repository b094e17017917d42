"""The admin and the API: what shows, to whom, at what cost."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from common.time import freeze
from deadlines.models import Clock
from deadlines.registry import SubjectLink, links_for, register_subject, registered_kinds
from deadlines.services import sweep
from organisations.models import User
from organisations.services import issue_client_token, register_client
from tests.factories.deadlines import OTHER_STREET, Desk, a_clock, a_desk, moment

pytestmark = pytest.mark.django_db
CLOCKS = "/api/v1/deadlines/clocks/"


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_it_works(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-07")):
        page = signed_in(desk.handler).get(reverse("admin:deadlines_clock_changelist"))
    assert page.status_code == 200
    assert "剩 3 工作日" in page.content.decode()
    page = signed_in(desk.handler).get(reverse("admin:deadlines_clock_change", args=[clock.pk]))
    assert page.status_code == 200
    assert "开始计时" in page.content.decode()


def test_the_page_tells_stages_and_how_late_they_came(desk: Desk) -> None:
    clock = a_clock(desk)
    sweep(at=moment("2021-12-10", "17:30"))
    address = reverse("admin:deadlines_clock_change", args=[clock.pk])
    page = signed_in(desk.handler).get(address).content.decode()
    assert "到达预警节点 · 提醒" in page
    assert "2\xa0日" in page or "2\xa0天" in page


@pytest.mark.parametrize(
    "name", ["clockrule", "calendarversion", "calendarday", "sweeprun", "clock"]
)
def test_every_list_opens(desk: Desk, name: str) -> None:
    sweep()
    page = signed_in(desk.supervisor).get(reverse(f"admin:deadlines_{name}_changelist"))
    assert page.status_code == 200


@pytest.mark.parametrize("ends", ["late", "today", "week"])
def test_lists_by_time(desk: Desk, ends: str) -> None:
    a_clock(desk)
    day = {"late": "2021-12-13", "today": "2021-12-10", "week": "2021-12-06"}[ends]
    address = reverse("admin:deadlines_clock_changelist")
    with freeze(moment(day)):
        assert "BG-1" in signed_in(desk.handler).get(address, {"ends": ends}).content.decode()


def test_nobody_types_over_a_clock(desk: Desk) -> None:
    clock = a_clock(desk)
    address = reverse("admin:deadlines_clock_change", args=[clock.pk])
    assert signed_in(desk.handler).post(address, {"state": "finished"}).status_code == 403


@pytest.mark.parametrize(
    ("who", "sees"),
    [("handler", 1), ("head", 1), ("supervisor", 2), ("clerk", 1), ("stranger", 1)],
)
def test_scope(desk: Desk, who: str, sees: int) -> None:
    a_clock(desk)
    elsewhere = {"region_code": OTHER_STREET, "department": desk.stranger.acting_posts[0].unit}
    a_clock(desk, number="BG-2", **elsewhere)
    user = getattr(desk, who)
    assert Clock.objects.visible_to(user).count() == sees
    answer = signed_in(user).get(CLOCKS)
    assert len(answer.json()["results"]) == sees


def test_a_clock_out_of_scope_is_not_found(desk: Desk) -> None:
    clock = a_clock(desk)
    assert signed_in(desk.stranger).get(f"{CLOCKS}{clock.pk}/").status_code == 404
    address = reverse("admin:deadlines_clock_change", args=[clock.pk])
    assert signed_in(desk.stranger).get(address).status_code in (302, 404)


def test_the_api_speaks_in_dues_and_words(desk: Desk) -> None:
    clock = a_clock(desk)
    with freeze(moment("2021-12-07")):
        body = signed_in(desk.handler).get(f"{CLOCKS}{clock.pk}/").json()
    assert body["promised_due_on"] == "2021-12-10"
    assert body["remaining"] == {
        "tone": "ok",
        "text": "剩 3 工作日 · 12月10日",
        "workdays": 3,
        "hours": 87,
    }


def test_the_api_filters(desk: Desk) -> None:
    a_clock(desk)
    client = signed_in(desk.handler)

    def count(**query: str) -> int:
        with freeze(moment("2021-12-13")):
            return len(client.get(CLOCKS, query).json()["results"])

    assert count(overdue="true") == count(kind="probe") == count(due_until="2021-12-10") == 1
    assert count(overdue="false") == count(state="paused") == count(region="410503003") == 0


def test_strangers_are_sent_away(desk: Desk) -> None:
    a_clock(desk)
    assert Client().get(CLOCKS).status_code in (401, 403)
    nobody = User.objects.create_user("nobody")
    assert signed_in(nobody).get(CLOCKS).status_code == 403


def test_a_client_reads_its_region(desk: Desk) -> None:
    a_clock(desk)
    user = register_client(
        username="axb", display_name="安鑫办", unit=desk.clerk.acting_posts[0].unit
    )
    _token, plain = issue_client_token(user=user, name="test")
    answer = Client(headers={"Authorization": f"Token {plain}"}).get(CLOCKS)
    assert len(answer.json()["results"]) == 1


def queries(client: Client, address: str, assert_max: Any) -> int:
    with assert_max(40) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", [CLOCKS, "/admin/deadlines/clock/"])
def test_lists_cost_the_same_however_long(
    desk: Desk, address: str, django_assert_max_num_queries: Any
) -> None:
    a_clock(desk)
    client = signed_in(desk.handler)
    queries(client, address, django_assert_max_num_queries)
    few = queries(client, address, django_assert_max_num_queries)
    for number in range(12):
        a_clock(desk, number=f"BG-1{number}")
    assert queries(client, address, django_assert_max_num_queries) == few


def test_links_come_in_batches(desk: Desk) -> None:
    calls = []

    def links(ids: Any) -> dict[int, SubjectLink]:
        calls.append(list(ids))
        return {pk: SubjectLink("x", f"/x/{pk}/") for pk in ids}

    register_subject("batch", links)
    clocks = [a_clock(desk, kind="batch", number=str(n)) for n in range(3)]
    assert links_for(clocks)[clocks[1].pk].url == f"/x/{clocks[1].pk}/"
    assert len(calls) == 1
    with pytest.raises(ValueError, match="two resolvers"):
        register_subject("batch", lambda _ids: {})


def test_checks_name_kinds_nobody_answers_for(desk: Desk) -> None:
    a_clock(desk, kind="orphan")
    found = {message.id: str(message.msg) for message in run_checks(databases=["default"])}
    assert "orphan" in found["deadlines.E001"]
    assert "orphan" not in registered_kinds()


@pytest.mark.parametrize(("day", "warned"), [("2026-10-31", False), ("2026-11-01", True)])
def test_from_november_next_year_is_missed(desk: Desk, day: str, warned: bool) -> None:
    with freeze(moment(day)):
        ids = {message.id for message in run_checks(databases=["default"])}
    assert ("deadlines.W001" in ids) is warned
