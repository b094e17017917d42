"""Loading a holiday notice or a closure: read, previewed, refused by day, applied once."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from common.models import Job
from common.time import freeze
from deadlines.choices import DayStatus
from deadlines.errors import CalendarFaulty, ClosureRefused, NothingChanges
from deadlines.models import CalendarDay, CalendarNotice, CalendarVersion, Clock, Closure
from deadlines.resources import read_notice
from deadlines.services import (
    calendar_warning,
    current_calendar,
    current_edition,
    load_notice,
    load_shipped_calendar,
    preview_closure,
    preview_notice,
    record_closure,
    revoke_closure,
)
from organisations.choices import Role
from organisations.models import Region, User
from organisations.services import system_user
from tests.factories.deadlines import DISTRICT, Desk, a_clock, a_desk, a_post, a_region, moment
from tests.factories.deadlines import notice_2027 as notice

pytestmark = pytest.mark.django_db
ADD = "admin:deadlines_calendarnotice_add"
CSV_HEAD = "年份,文号,发布日期,日期,类型,名称"


@pytest.fixture
def actor() -> User:
    return system_user("calendar")


@pytest.fixture
def district() -> Region:
    return a_region(DISTRICT, "北关区", "district")


@pytest.fixture
def administrator() -> Client:
    desk = a_desk()
    a_post("系统管理", Role.ADMINISTRATOR, desk.department, desk.head)
    client = Client()
    client.force_login(User.objects.get(pk=desk.head.pk))
    return client


def as_csv(given: dict[str, Any]) -> str:
    paper = given["notices"][0]
    start = f"{given['year']},{paper['number']},{paper['published_on']}"
    lines = [CSV_HEAD]
    for span in given["holidays"]:
        first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
        days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
        lines += [f"{start},{day},休,{span['name']}" for day in days]
    lines += [f"{start},{day},班,调休" for day in given["workdays"]]
    return "\n".join(lines)


def stored() -> tuple[int, int, int, int]:
    rows = (CalendarVersion, CalendarDay, CalendarNotice, Job)
    counts = [model.objects.count() for model in rows]
    return counts[0], counts[1], counts[2], counts[3]


def written(folder: Path, given: object) -> str:
    file = folder / "notice.json"
    file.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    return str(file)


def test_it_works(actor: User) -> None:
    before = current_edition()
    assert not current_calendar().is_official(date(2027, 1, 4))
    loaded = load_notice(actor=actor, notice=notice())
    assert loaded.edition == current_edition() != before
    calendar = current_calendar()
    assert calendar.is_official(date(2027, 12, 31))
    assert not calendar.is_workday(date(2026, 12, 31))
    assert calendar.is_workday(date(2026, 12, 26))
    assert calendar.add_workdays(date(2027, 2, 4), 1) == date(2027, 2, 14)
    assert before.days.get(day=date(2027, 2, 5)).status == DayStatus.PROVISIONAL
    assert "国办发明电〔2026〕9号" in loaded.edition.source


def test_the_preview_names_every_day_and_stores_nothing() -> None:
    seen, counts = preview_notice(notice()), stored()
    moved = {change.day: change.is_workday for change in seen.moved_days}
    assert moved[date(2026, 12, 31)] is False
    assert moved[date(2026, 12, 26)] is True
    assert date(2027, 2, 5) not in moved
    became = next(change for change in seen.changes if change.day == date(2027, 2, 5))
    assert became.was_provisional
    assert (seen.official_until, stored()) == (date(2027, 12, 31), counts)


def test_the_same_notice_again_changes_nothing(actor: User) -> None:
    load_notice(actor=actor, notice=notice())
    counts = stored()
    with pytest.raises(NothingChanges):
        load_notice(actor=actor, notice=notice())
    assert stored() == counts


def test_a_corrected_notice_replaces_the_former_one(actor: User) -> None:
    load_notice(actor=actor, notice=notice())
    longer = notice()
    longer["holidays"][3]["to"] = "2027-05-06"
    load_notice(actor=actor, notice=longer)
    assert not current_calendar().is_workday(date(2027, 5, 6))
    load_notice(actor=actor, notice=notice())
    assert current_calendar().is_workday(date(2027, 5, 6))
    assert CalendarVersion.objects.count() == 4


def test_a_release_does_not_take_a_loaded_year_back(actor: User) -> None:
    edition = load_notice(actor=actor, notice=notice()).edition
    assert load_shipped_calendar() == edition


def _twice(given: dict[str, Any]) -> str:
    given["workdays"].append("2027-01-30")
    return "2027-01-30 被重复列出"


def _both(given: dict[str, Any]) -> str:
    given["workdays"].append("2027-02-06")
    return "2027-02-06 既列为放假又列为上班"


def _missing(given: dict[str, Any]) -> str:
    given["holidays"][1]["to"] = "2027-02-07"
    return "缺少 2027-02-08(春节)"


def _work_on_holiday(given: dict[str, Any]) -> str:
    given["holidays"][5] = {"name": "中秋节", "from": "2027-09-16", "to": "2027-09-16"}
    return "缺少 2027-09-15(中秋节)"


def _weekday(given: dict[str, Any]) -> str:
    given["workdays"].append("2027-03-03")
    return "2027-03-03 本来就是工作日"


def _outside(given: dict[str, Any]) -> str:
    given["workdays"].append("2028-01-08")
    return "2028-01-08 不在 2027 年"


def _gap(given: dict[str, Any]) -> str:
    given |= {
        "year": 2028,
        "workdays": [],
        "holidays": [
            {"name": "元旦", "from": "2028-01-01", "to": "2028-01-01"},
            {"name": "春节", "from": "2028-01-25", "to": "2028-01-31"},
            {"name": "清明节", "from": "2028-04-04", "to": "2028-04-04"},
            {"name": "劳动节", "from": "2028-05-01", "to": "2028-05-02"},
            {"name": "端午节", "from": "2028-05-28", "to": "2028-05-28"},
            {"name": "国庆节", "from": "2028-10-01", "to": "2028-10-03"},
        ],
    }
    return "2027 年"


def _no_number(given: dict[str, Any]) -> str:
    given["notices"] = [{"number": "", "published_on": "2026-11-20"}]
    return "文号"


def _no_day(given: dict[str, Any]) -> str:
    given["workdays"].append("2027-02-30")
    return "2027-02-30"


def _no_holidays(given: dict[str, Any]) -> str:
    given["holidays"] = []
    return "放假"


@pytest.mark.parametrize(
    "spoil",
    [
        _twice,
        _both,
        _missing,
        _work_on_holiday,
        _weekday,
        _outside,
        _gap,
        _no_number,
        _no_day,
        _no_holidays,
    ],
)
def test_a_faulty_notice_is_refused_by_day_through_every_door(
    spoil: Callable[[dict[str, Any]], str],
    actor: User,
    administrator: Client,
    tmp_path: Path,
) -> None:
    given = notice()
    named, counts = spoil(given), stored()
    for door in (preview_notice, lambda notice: load_notice(actor=actor, notice=notice)):
        with pytest.raises(CalendarFaulty, match=named.replace("(", r"\(").replace(")", r"\)")):
            door(given)
    with pytest.raises(CommandError) as refusal:
        call_command("load_calendar", written(tmp_path, given), "--yes", stdout=StringIO())
    assert named in str(refusal.value)
    upload = SimpleUploadedFile("n.json", json.dumps(given).encode())
    page = administrator.post(reverse(ADD), {"file": upload}).content.decode()
    assert named in page
    for address in ("/api/v1/deadlines/notices/preview/", "/api/v1/deadlines/notices/"):
        answer = administrator.post(address, given, content_type="application/json")
        assert answer.status_code == 400
        assert named in answer.content.decode()
    assert stored() == counts


def test_the_api_previews_then_loads(administrator: Client, client: Client) -> None:
    address, before = "/api/v1/deadlines/notices/", current_edition()
    asked = {"data": notice(), "content_type": "application/json"}
    assert client.post(address, **asked).status_code == 401
    shown = administrator.post(f"{address}preview/", **asked).json()
    assert shown["official_until"] == "2027-12-31"
    assert shown["changes"]
    assert current_edition() == before
    loaded = administrator.post(address, **asked)
    assert loaded.status_code == 201
    assert loaded.json()["edition"] == current_edition().code != before.code
    assert administrator.post(address, **asked).status_code == 409


def test_every_fault_is_named_at_once() -> None:
    given = notice()
    _twice(given)
    _weekday(given)
    with pytest.raises(CalendarFaulty) as refusal:
        preview_notice(given)
    assert len(refusal.value.fields["file"]) == 2


@pytest.mark.parametrize("given", [None, [], "x", 7, {"year": True}, {"notices": 3}, {"days": 1}])
def test_no_shape_of_input_breaks_the_service(given: object) -> None:
    with pytest.raises(CalendarFaulty):
        preview_notice(given)


def test_csv_and_holiday_cn_say_the_same_as_json() -> None:
    by_json = read_notice(json.dumps(notice()).encode())
    by_csv = read_notice(as_csv(notice()).encode("gb18030"))
    days = [
        {"name": row.split(",")[5], "date": row.split(",")[3], "isOffDay": ",休," in row}
        for row in as_csv(notice()).splitlines()[1:]
    ]
    paper = notice()["notices"][0]
    by_days = read_notice(json.dumps({"year": 2027, "days": days, **paper}).encode())
    assert by_csv == by_days
    for key in ("year", "notices", "holidays", "workdays"):
        assert by_csv[key] == by_json[key]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "年份"),
        ("日期,类型\n2027-01-01,休", "number"),
        (f"{CSV_HEAD}\n2027,a,2026-11-20,2027-13-01,休,x", "2027-13-01"),
        (f"{CSV_HEAD}\n2027,a,2026-11-20,2027-01-01,半天,x", "半天"),
        (
            f"{CSV_HEAD}\n2027,a,2026-11-20,2027-01-01,休,x\n2028,a,2026-11-20,2027-01-02,休,x",
            "2028",
        ),
        (f"{CSV_HEAD}\n", "文件"),
        ("[1, 2]", "文件"),
        ("{broken", "JSON"),
        ('{"year": 2027, "days": [{"date": "x"}]}', "1"),
    ],
)
def test_an_unreadable_file_says_why(text: str, named: str) -> None:
    with pytest.raises(CalendarFaulty) as refusal:
        read_notice(text.encode())
    assert refusal.value.message


def test_the_command_previews_then_loads(tmp_path: Path) -> None:
    file, out, counts = written(tmp_path, notice()), StringIO(), stored()
    call_command("load_calendar", file, stdout=out)
    assert "* 2026-12-31" in out.getvalue()
    assert stored() == counts
    call_command("load_calendar", file, "--yes", stdout=out)
    assert current_edition().official_until == date(2027, 12, 31)
    with pytest.raises(CommandError):
        call_command("load_calendar", file, "--yes", stdout=out)
    for wrong in ([], [str(tmp_path / "none.json")]):
        with pytest.raises(CommandError):
            call_command("load_calendar", *wrong, stdout=out)


def test_the_admin_previews_then_loads(administrator: Client) -> None:
    counts = stored()
    upload = SimpleUploadedFile("n.json", json.dumps(notice()).encode())
    page = administrator.post(reverse(ADD), {"file": upload})
    assert "2026年12月31日" in page.content.decode()
    assert stored() == counts
    answer = administrator.post(reverse(ADD), page.context["kept"])
    assert answer.status_code == 302
    assert current_edition().official_until == date(2027, 12, 31)
    assert CalendarNotice.objects.get(year=2027).loaded_by.username == "dl_head"


def test_a_preview_that_has_aged_is_shown_again(administrator: Client, actor: User) -> None:
    kept = {"notice": json.dumps(notice()), "edition": "CN-2025-00000000"}
    page = administrator.post(reverse(ADD), kept)
    assert page.status_code == 200
    assert current_edition().official_until == date(2026, 12, 31)
    assert administrator.post(reverse(ADD), kept | {"notice": "{"}).status_code == 302


@pytest.mark.parametrize("name", ["calendarnotice", "closure"])
def test_only_an_administrator_changes_the_calendar(name: str) -> None:
    client = Client()
    client.force_login(a_desk().supervisor)
    assert client.get(reverse(f"admin:deadlines_{name}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:deadlines_{name}_add")).status_code == 403


@pytest.mark.parametrize(
    ("day", "warned"),
    [("2026-10-31", False), ("2026-11-01", True), ("2027-03-01", True)],
)
def test_a_missing_year_is_warned_of_from_november(day: str, warned: bool, actor: User) -> None:
    assert bool(calendar_warning(date.fromisoformat(day))) is warned
    with freeze(moment(day)):
        assert bool(calendar_warning()) is warned
    load_notice(actor=actor, notice=notice())
    assert calendar_warning(date.fromisoformat(day)) == ""


CLOSED = {"reason": "暴雨停办", "legal_basis": "突发事件应对法第73条"}


def shut(actor: User, district: Region, first: str, last: str, **more: str) -> CalendarVersion:
    days = {"first_on": date.fromisoformat(first), "last_on": date.fromisoformat(last)}
    return record_closure(actor=actor, region=district, **days, **(CLOSED | more)).edition


def test_a_closure_lies_over_the_calendar(actor: User, district: Region) -> None:
    before = current_edition()
    edition = shut(actor, district, "2026-12-10", "2026-12-13")
    days = edition.days.filter(status=DayStatus.CLOSURE)
    assert [day.day for day in days] == [date(2026, 12, 10), date(2026, 12, 11)]
    assert days[0].notice == CLOSED["legal_basis"]
    assert current_calendar().add_workdays(date(2026, 12, 9), 1) == date(2026, 12, 14)
    back = revoke_closure(closure_id=Closure.objects.get().pk, actor=actor, reason="误录").edition
    assert back.sha256 == before.sha256
    assert back != before
    assert current_calendar().add_workdays(date(2026, 12, 9), 1) == date(2026, 12, 10)
    with pytest.raises(ClosureRefused):
        revoke_closure(closure_id=Closure.objects.get().pk, actor=actor, reason="误录")


def test_a_closure_outlives_a_notice(actor: User, district: Region) -> None:
    shut(actor, district, "2026-12-10", "2026-12-10")
    load_notice(actor=actor, notice=notice())
    assert not current_calendar().is_workday(date(2026, 12, 10))


@pytest.mark.parametrize(
    ("first", "last", "more"),
    [
        ("2026-12-11", "2026-12-10", {}),
        ("2026-12-12", "2026-12-13", {}),
        ("2026-12-07", "2027-02-10", {}),
        ("2026-12-10", "2026-12-10", {"legal_basis": " "}),
        ("2026-12-10", "2026-12-10", {"reason": ""}),
        ("2026-12-02", "2026-12-03", {}),
        ("2009-12-02", "2009-12-03", {}),
    ],
)
def test_an_impossible_closure_is_refused(
    actor: User, district: Region, first: str, last: str, more: dict[str, str]
) -> None:
    shut(actor, district, "2026-12-03", "2026-12-03")
    counts = stored()
    with pytest.raises(ClosureRefused):
        shut(actor, district, first, last, **more)
    days = {"first_on": date.fromisoformat(first), "last_on": date.fromisoformat(last)}
    with pytest.raises(ClosureRefused):
        preview_closure(region=district, **days, **(CLOSED | more))
    assert (stored(), Closure.objects.count()) == (counts, 1)


def test_the_admin_closes_and_takes_back(administrator: Client) -> None:
    given = {"region": DISTRICT, "first_on": "2026-12-10", "last_on": "2026-12-10", **CLOSED}
    add = reverse("admin:deadlines_closure_add")
    page = administrator.post(add, given)
    assert not Closure.objects.exists()
    assert administrator.post(add, page.context["kept"]).status_code == 302
    closure = Closure.objects.get()
    assert (closure.first_on, closure.legal_basis) == (date(2026, 12, 10), CLOSED["legal_basis"])
    again = administrator.post(add, given).content.decode()
    assert "2026-12-10 已经停办" in again
    revoke = reverse("admin:deadlines_closure_revoke", args=[closure.pk])
    assert administrator.post(revoke, {"reason": ""}).status_code == 200
    assert administrator.post(revoke, {"reason": "误录"}).status_code == 302
    closure.refresh_from_db()
    assert closure.revoked_because == "误录"
    change = administrator.get(reverse("admin:deadlines_closure_change", args=[closure.pk]))
    assert change.status_code == 200
    assert administrator.post(revoke, {"reason": "误录"}).status_code == 200


def test_a_clock_of_today_is_untouched_by_a_far_year(actor: User) -> None:
    desk: Desk = a_desk()
    clock = a_clock(desk, start="2026-11-24", promised=5, statutory=8)
    assert load_notice(actor=actor, notice=notice()).job.progress_total == 1
    assert Clock.objects.get(pk=clock.pk).calendar_id != current_edition().pk
