"""Journey 2: the case stands in the department's queue at once, with both due dates."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from common import time
from notifications.models import InboxMessage
from tests.factories.deadlines import moment
from tests.factories.intake import Office, an_application, an_office, the_case
from tests.factories.window import browser, taken_in

pytestmark = pytest.mark.django_db
QUEUE = {"desk": "review"}


@pytest.fixture
def office() -> Office:
    return an_office()


def rows(client: Client, **query: str) -> list[object]:
    answer = client.get(reverse("admin:intake_case_changelist"), query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def test_it_works(office: Office) -> None:
    with time.travel(moment("2026-09-25", "10:00")):
        case = the_case(taken_in(office.clerk, office.item))
        assert rows(browser(office.reviewer), **QUEUE) == [case]
        text = (
            browser(office.reviewer)
            .get(reverse("admin:intake_case_changelist"), QUEUE)
            .content.decode()
        )
    assert "张*明" in text
    assert "张小明" not in text
    # 国庆 10-01..10-07 off; 09-27 (Sunday) is off, 10-10 (Saturday) is a make-up working day
    assert case.clock.promised_due_on == date(2026, 10, 22)
    assert case.clock.statutory_due_on == date(2026, 10, 29)
    assert case.clock.department == office.department
    assert InboxMessage.objects.filter(recipient=office.reviewer).count() == 1


def test_what_is_due_first_comes_first(office: Office) -> None:
    with time.travel(moment("2026-11-23")):
        late = the_case(taken_in(office.clerk, office.item))
    with time.travel(moment("2026-11-20")):
        early = the_case(taken_in(office.clerk, office.item))
    with time.travel(moment("2026-11-24")):
        assert rows(browser(office.reviewer), **QUEUE) == [early, late]


def test_another_department_and_another_street_see_nothing(office: Office) -> None:
    an_application(office)
    assert rows(browser(office.other_reviewer)) == []
    assert rows(browser(office.other_clerk)) == []
    assert len(rows(browser(office.supervisor))) == 1, "his district, every street of it"


def test_search_by_number_receipt_name_and_initials(office: Office) -> None:
    case = the_case(an_application(office))
    client = browser(office.clerk)
    for text in (case.number, case.application.number, "张小明", "zxm"):
        assert rows(client, q=text) == [case], text
    assert rows(client, q="张小") == []
    page = client.get(reverse("admin:search"), {"q": "zxm"})
    assert case.number in page.content.decode()


def test_filters_by_lateness(office: Office) -> None:
    with time.travel(moment("2026-11-02")):
        case = the_case(an_application(office))
    with time.travel(moment("2026-11-24")):
        assert rows(browser(office.reviewer), due="late") == [case]
        assert rows(browser(office.reviewer), due="today") == []
        assert rows(browser(office.reviewer), state="accepted") == [case]
    with time.travel(moment("2026-11-20")):
        assert rows(browser(office.reviewer), due="soon") == [case]


def test_the_list_costs_the_same_for_one_row_and_for_many(
    office: Office, django_assert_max_num_queries: object
) -> None:
    client = browser(office.reviewer)
    an_application(office)
    rows(client)
    for _place in range(4):
        an_application(office)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert len(rows(client)) == 5
