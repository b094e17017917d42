"""The report of number series: first, last, count, void ones with reasons, gaps."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from documents.models import IssuedNumber, NumberSeries
from documents.registry import register_series, series_label
from documents.rules import gaps
from documents.services import next_number, next_numbers, series_report, void_number
from organisations.models import User
from organisations.services import system_user
from tests.factories.documents import make_street

pytestmark = pytest.mark.django_db

SERIES = {"series_key": "intake.acceptance", "organ_code": "北关区残联", "year": 2026}


@pytest.fixture
def actor() -> User:
    return system_user("sample")


@pytest.fixture
def drawn(actor: User) -> None:
    next_numbers(**SERIES, amount=5, actor=actor)
    void_number(**SERIES, number=2, reason="打印有误", actor=actor)
    next_number(series_key="inspection-order-food", organ_code="DENGTA", year=2025, actor=actor)
    make_street()


def lose(*numbers: int) -> None:
    """Somebody took rows out of the table by hand."""
    IssuedNumber.objects.filter(number__in=numbers, series__year=2026).delete()


def test_it_works(actor: User, drawn: None) -> None:
    notices, orders = series_report(user=actor)
    assert (notices.organ, notices.year, notices.label) == ("北关区残联", 2026, "受理通知书")
    assert (notices.first, notices.last, notices.count) == (1, 5, 5)
    assert [(row.number, row.void_reason) for row in notices.voids] == [(2, "打印有误")]
    assert not notices.gaps
    assert (orders.organ, orders.label, orders.count) == ("灯塔路街道办事处", "整改通知", 1)
    assert [line.year for line in series_report(user=actor, year=2025)] == [2025]


def test_what_is_missing_is_found_at_the_end_too(actor: User, drawn: None) -> None:
    lose(1, 3, 5)
    notices, _orders = series_report(user=actor)
    assert (notices.first, notices.last, notices.count) == (2, 5, 2)
    assert notices.gaps == ["1", "3", "5"]


@pytest.mark.parametrize(
    ("numbers", "last", "missing"),
    [
        ((), 0, []),
        ((), 2, ["1–2"]),
        ((1, 2, 3), 3, []),
        ((3, 1), 3, ["2"]),
        ((4, 9), 12, ["1–3", "5–8", "10–12"]),
    ],
)
def test_gaps(numbers: tuple[int, ...], last: int, missing: list[str]) -> None:
    assert gaps(numbers, last) == missing


def test_the_longest_known_beginning_names_a_series() -> None:
    register_series("test-a", "甲")
    register_series("test-a-b", "乙")
    assert [series_label(key) for key in ("test-a-c", "test-a-b-c", "test")] == ["甲", "乙", "test"]


def test_a_sound_table_is_counted_in_few_queries(
    actor: User, drawn: None, django_assert_max_num_queries: object
) -> None:
    for place in range(8):
        next_numbers(**{**SERIES, "organ_code": f"甲{place}"}, amount=3, actor=actor)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert len(series_report(user=actor)) == 10


def test_only_administrators_see_it(client: Client, admin_client: Client, drawn: None) -> None:
    plain = User.objects.create_user("plain", is_staff=True)
    assert series_report(user=User.objects.get(pk=plain.pk)) == []
    client.force_login(plain)
    assert client.get("/admin/numbers/").status_code == 403
    page = admin_client.get("/admin/numbers/").content.decode()
    for words in ("北关区残联", "打印有误", "各文号连续，没有缺号"):
        assert words in page


def test_the_page_shows_one_year_and_refuses_none(admin_client: Client, drawn: None) -> None:
    page = admin_client.get("/admin/numbers/", {"year": "2025"}).content.decode()
    assert "灯塔路街道办事处" in page
    assert "北关区残联" not in page
    odd = admin_client.get("/admin/numbers/", {"year": "x' --"})
    assert odd.status_code == 200
    assert "field-error" in odd.content.decode()


def test_the_page_says_how_many_series_have_gaps(admin_client: Client, drawn: None) -> None:
    lose(3)
    page = admin_client.get("/admin/numbers/").content.decode()
    assert "1 个文号序列有缺号" in page
    assert re.search(r"field-error\">3<", page)


def test_the_command_tells_and_ends_by_what_it_found(drawn: None) -> None:
    out = StringIO()
    call_command("number_report", stdout=out)
    assert "打印有误" in out.getvalue()
    lose(3)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("number_report", "--year", "2026", stdout=out)
    assert ended.value.code == 1
    assert "3" in out.getvalue()
    assert "2025" not in out.getvalue()


def test_a_house_without_numbers(admin_client: Client, actor: User) -> None:
    NumberSeries.objects.all().delete()
    assert series_report(user=actor) == []
    assert admin_client.get("/admin/numbers/").status_code == 200
