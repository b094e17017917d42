"""The phone pages through their real doors, bad input first."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import time
from inspections import services
from inspections.choices import ItemResult
from inspections.models import Answer, Evidence, Interview, Order, Problem, SamplingBatch, Visit
from inspections.services import ItemFinding
from organisations.choices import Role, UnitKind
from tests.factories.inspections import (
    OTHER_STREET,
    Scene,
    make_officer,
    make_scene,
    make_unit,
    photo,
)

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def officer(client: Client, scene: Scene) -> Client:
    client.force_login(scene.officer)
    return client


def begin(officer: Client, scene: Scene, **changes: object) -> Visit | None:
    data = {
        "client_uuid": str(uuid4()),
        "officers": [scene.officer.pk, scene.second.pk],
        **changes,
    }
    answer = officer.post(f"/inspections/targets/{scene.targets[0].pk}/", data)
    if answer.status_code == 302:
        return Visit.objects.order_by("-pk").first()
    return None


def sheet(visit: Visit, **changes: object) -> dict[str, object]:
    return {
        **{f"result-{a.item_id}": "pass" for a in visit.answers.all()},
        **changes,
    }


def item(visit: Visit, code: str) -> int:
    return Answer.objects.get(visit=visit, item__code=code).item_id


def failed(visit: Visit, **changes: object) -> dict[str, object]:
    key = item(visit, "12.1")
    return sheet(
        visit, **{f"result-{key}": "fail", f"text-{key}": "无留样", f"photo-{key}": photo()}
    ) | {name.replace("KEY", str(key)): value for name, value in changes.items()}


def test_it_works(officer: Client, scene: Scene) -> None:
    visit = begin(officer, scene)
    assert visit is not None
    answer = officer.post(f"/inspections/visits/{visit.pk}/", failed(visit, submit="1"))
    assert answer.url == f"/inspections/visits/{visit.pk}/order/"
    page = officer.get(answer.url).content.decode()
    problem = Problem.objects.get()
    assert "无留样" in page
    order_data = {
        "client_uuid": str(uuid4()),
        "due_on": (time.today() + timedelta(days=7)).isoformat(),
        "way": "direct",
        "receiver": "赵某",
        f"requirement-{problem.pk}": "按规定留样",
    }
    answer = officer.post(answer.url, order_data)
    order = Order.objects.get()
    assert answer.url == f"/inspections/orders/{order.pk}/"
    paper = officer.get(f"/papers/{order.paper_id}/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    follow_up = order.follow_ups.get()
    answer = officer.post(
        f"/inspections/orders/{order.pk}/recheck/",
        {
            "client_uuid": str(uuid4()),
            "follow_up": follow_up.pk,
            "officers": [scene.officer.pk, scene.second.pk],
            f"result-{order.items.get().pk}": "corrected",
        },
    )
    order.refresh_from_db()
    assert order.state == "corrected"


PAGES = (
    "",
    "orders/",
    "orders/?show=overdue",
    "orders/?show=due",
    "orders/?show=closed",
    "orders/?show=x&page=9",
)


@pytest.mark.parametrize("path", PAGES)
def test_lists_open(officer: Client, scene: Scene, path: str) -> None:
    scene.ordered()
    assert officer.get(f"/inspections/{path}").status_code == 200


@pytest.mark.parametrize(
    "key",
    ["targets", "visited", "todo", "person_times", "faulty", "problems", "orders",
     "closed_orders", "rechecks", "interviews", "batches", "failed_batches"],
)  # fmt: skip
def test_every_figure_leads_to_its_rows(officer: Client, scene: Scene, key: str) -> None:
    order = scene.ordered()
    services.correct_everything(actor=scene.officer, order=order, dispatch_id=scene.outing().pk)
    url = f"/inspections/campaigns/{scene.campaign.pk}/rows/{key}/"
    assert url in officer.get(f"/inspections/campaigns/{scene.campaign.pk}/").content.decode()
    answer = officer.get(url)
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == answer.context["figure"].count


def _owing(scene: Scene, place: int, days: int) -> Order:
    """An order inspected again without success; its next re-inspection is due in ``days``."""
    order = scene.ordered(place)
    services.recheck_visit(
        actor=scene.officer,
        follow_up_id=order.follow_ups.get().pk,
        dispatch_id=scene.outing().pk,
        findings={line.pk: ItemFinding(ItemResult.NOT_CORRECTED, "") for line in order.items.all()},
        client_uuid=uuid4(),
    )
    due_on = time.today() + timedelta(days=days)
    order.follow_ups.update(due_on=due_on)
    return order


def test_the_number_of_due_rechecks_opens_its_rows(officer: Client, scene: Scene) -> None:
    late, today, later = (_owing(scene, place, days) for place, days in enumerate((-1, 0, 1)))
    home = officer.get("/inspections/")
    assert "到期应复查" in home.content.decode()
    assert 'href="/inspections/orders/?show=due"' in home.content.decode()
    rows = list(officer.get("/inspections/orders/?show=due").context["orders"])
    assert home.context["due_count"] == len(rows)
    assert rows == [late, today]
    assert later not in rows


def test_a_stranger_must_log_in(client: Client) -> None:
    assert client.get("/inspections/").url.startswith("/admin/login/")


def test_a_clerk_has_no_business_here(client: Client, scene: Scene) -> None:
    client.force_login(make_officer("clerk", scene.unit, Role.CLERK))
    assert client.get("/inspections/").status_code == 403


def test_another_streets_things_do_not_exist(client: Client, scene: Scene) -> None:
    order = scene.ordered()
    unit = make_unit("other", "另一街道", OTHER_STREET, UnitKind.STREET)
    client.force_login(make_officer("stranger", unit, Role.PATROLLER))
    for path in (
        f"campaigns/{scene.campaign.pk}/",
        f"targets/{scene.targets[0].pk}/",
        f"visits/{order.visit_id}/",
        f"orders/{order.pk}/",
        f"orders/{order.pk}/recheck/",
        f"campaigns/{scene.campaign.pk}/rows/nonsense/",
    ):
        assert client.get(f"/inspections/{path}").status_code == 404


def test_another_units_campaign_is_refused_in_words(client: Client, scene: Scene) -> None:
    street = make_scene("street")
    client.force_login(scene.officer)
    answer = client.post(
        f"/inspections/targets/{street.targets[0].pk}/",
        {"client_uuid": str(uuid4()), "officers": [scene.officer.pk]},
    )
    assert answer.status_code == 200
    assert not Visit.objects.exists()
    assert answer.context["form"].non_field_errors()


def test_one_officer_is_too_few(officer: Client, scene: Scene) -> None:
    answer = officer.post(
        f"/inspections/targets/{scene.targets[0].pk}/",
        {"client_uuid": str(uuid4()), "officers": [scene.officer.pk]},
    )
    assert answer.context["form"].errors["officers"]
    assert not Visit.objects.exists()


def test_a_double_click_begins_one_inspection(officer: Client, scene: Scene) -> None:
    key = str(uuid4())
    assert begin(officer, scene, client_uuid=key) == begin(officer, scene, client_uuid=key)
    assert Visit.objects.count() == 1


def test_missing_answers_are_listed_and_nothing_typed_is_lost(
    officer: Client, scene: Scene
) -> None:
    visit = begin(officer, scene)
    assert visit is not None
    data = failed(visit, submit="1")
    del data[f"result-{item(visit, '1.1')}"]
    page = officer.post(f"/inspections/visits/{visit.pk}/", data).content.decode()
    assert f'href="#line-{item(visit, "1.1")}"' in page
    assert "无留样" in page
    visit.refresh_from_db()
    assert visit.state == "draft"
    assert Problem.objects.get().text == "无留样"


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe0 broken"])
def test_a_refused_photo_costs_no_word(officer: Client, scene: Scene, content: bytes) -> None:
    visit = begin(officer, scene)
    assert visit is not None
    bad = SimpleUploadedFile("现场.jpg", content, "image/jpeg")
    answer = officer.post(
        f"/inspections/visits/{visit.pk}/", failed(visit, submit="1", **{"photo-KEY": bad})
    )
    visit.refresh_from_db()
    if content:
        assert visit.state == "draft"
        assert answer.context["sheet"].faults
    assert Problem.objects.get().text == "无留样"
    assert not Evidence.objects.exists()


def test_an_oversized_photo_is_told_at_its_line(
    officer: Client, scene: Scene, settings: object
) -> None:
    visit = begin(officer, scene)
    assert visit is not None
    settings.UPLOAD_LIMIT_BYTES = 50
    answer = officer.post(f"/inspections/visits/{visit.pk}/", failed(visit))
    assert item(visit, "12.1") in answer.context["sheet"].faults


def test_one_line_saves_itself(officer: Client, scene: Scene) -> None:
    visit = begin(officer, scene)
    assert visit is not None
    key = item(visit, "12.1")
    url = f"/inspections/visits/{visit.pk}/lines/{key}/"
    page = officer.post(url, {f"result-{key}": "fail", f"text-{key}": "无留样"}).content.decode()
    assert "1 / 3" in page
    assert Problem.objects.get().text == "无留样"
    page = officer.post(url, {f"result-{key}": "nonsense", f"text-{key}": "写了很多"})
    assert "写了很多" in page.content.decode()
    assert Answer.objects.get(visit=visit, item_id=key).result == "fail"
    assert officer.post(f"/inspections/visits/{visit.pk}/lines/99999/").status_code == 404


def test_a_colleague_who_was_not_there_may_read_but_not_write(client: Client, scene: Scene) -> None:
    visit = scene.draft()
    client.force_login(make_officer("third", scene.unit))
    assert client.get(f"/inspections/visits/{visit.pk}/").status_code == 200
    answer = client.post(f"/inspections/visits/{visit.pk}/", sheet(visit))
    assert answer.status_code == 403
    assert not visit.answers.exclude(result="unchecked").exists()


def test_a_second_order_leads_to_the_first(officer: Client, scene: Scene) -> None:
    visit = scene.submitted()
    problem = visit.problems.get()
    url = f"/inspections/visits/{visit.pk}/order/"
    data = {"due_on": time.today().isoformat(), "way": "direct",
            f"requirement-{problem.pk}": "改"}  # fmt: skip
    first = officer.post(url, {**data, "client_uuid": str(uuid4())})
    second = officer.post(url, {**data, "client_uuid": str(uuid4())})
    assert first.url == second.url
    assert officer.get(url).url == first.url
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("due_on", "2020-01-01"), ("due_on", "昨天"), ("way", "fax"), ("requirement", ""),
     ("client_uuid", "x")],
)  # fmt: skip
def test_a_wrong_order_is_told_at_its_field(
    officer: Client, scene: Scene, field: str, value: str
) -> None:
    visit = scene.submitted()
    name = f"requirement-{visit.problems.get().pk}"
    data = {
        "due_on": time.today().isoformat(),
        "way": "direct",
        name: "改到位",
        "client_uuid": str(uuid4()),
        "receiver": "赵某",
    }
    data[name if field == "requirement" else field] = value
    answer = officer.post(f"/inspections/visits/{visit.pk}/order/", data)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "赵某" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_recheck_without_results_is_told_and_changes_nothing(
    officer: Client, scene: Scene
) -> None:
    order = scene.ordered()
    url = f"/inspections/orders/{order.pk}/recheck/"
    assert officer.get(url).status_code == 200
    answer = officer.post(
        url,
        {
            "client_uuid": str(uuid4()),
            "follow_up": order.follow_ups.get().pk,
            "officers": [scene.officer.pk, scene.second.pk],
        },
    )
    assert answer.context["form"].errors
    assert not Visit.objects.rechecks().exists()


def test_a_recheck_photo_and_a_double_click(officer: Client, scene: Scene) -> None:
    order = scene.ordered()
    line = order.items.get().pk

    def send() -> object:
        return officer.post(
            f"/inspections/orders/{order.pk}/recheck/",
            {
                "client_uuid": key,
                "follow_up": follow_up,
                "officers": [scene.officer.pk, scene.second.pk],
                f"result-{line}": "not_corrected",
                f"photo-{line}": photo(),
            },
        )

    key, follow_up = str(uuid4()), order.follow_ups.get().pk
    send()
    send()
    assert Visit.objects.rechecks().count() == 1
    assert Evidence.objects.get().order_item_id == line


def test_the_head_approves_publishes_and_revokes(client: Client, scene: Scene) -> None:
    visit = scene.submitted(failures={})
    order = scene.ordered(1)
    client.force_login(scene.head)
    assert "approve" in client.get(f"/inspections/visits/{visit.pk}/").content.decode()
    for verb in ("approve", "publish"):
        url = f"/inspections/visits/{visit.pk}/{verb}/"
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 302
    visit.refresh_from_db()
    assert visit.published_at
    url = f"/inspections/orders/{order.pk}/revoke/"
    assert client.post(url, {"client_uuid": str(uuid4())}).context["form"].errors
    client.post(url, {"client_uuid": str(uuid4()), "reason": "当事人写错"})
    order.refresh_from_db()
    assert order.state == "revoked"


def test_voiding_asks_why(officer: Client, scene: Scene) -> None:
    visit = scene.draft()
    url = f"/inspections/visits/{visit.pk}/void/"
    assert officer.post(url, {"client_uuid": str(uuid4())}).context["form"].errors
    officer.post(url, {"client_uuid": str(uuid4()), "reason": "走错学校"})
    visit.refresh_from_db()
    assert visit.state == "void"


def test_an_officer_cannot_approve_through_the_address(officer: Client, scene: Scene) -> None:
    visit = scene.submitted(failures={})
    answer = officer.post(f"/inspections/visits/{visit.pk}/approve/")
    assert answer.status_code == 403
    visit.refresh_from_db()
    assert visit.state == "submitted"


def test_interviews_and_batches_are_recorded_by_form(officer: Client, scene: Scene) -> None:
    base = f"/inspections/campaigns/{scene.campaign.pk}"
    subject = scene.targets[0].subject_id
    interview = {
        "client_uuid": str(uuid4()),
        "subject": subject,
        "held_at": "2026-01-05T09:30",
        "place": "局会议室",
        "interviewee": "赵校长",
        "reason": "隐患",
        "demands": "三日内报告",
    }
    assert officer.get(f"{base}/interview/").status_code == 200
    late = officer.post(f"{base}/interview/", {**interview, "held_at": "2999-01-01T00:00"})
    assert late.context["form"].errors["held_at"]
    officer.post(f"{base}/interview/", interview)
    officer.post(f"{base}/interview/", interview)
    assert Interview.objects.count() == 1
    batch = {"subject": subject, "code": "CY-1", "product": "大米", "result": "pass",
             "sampled_on": time.today().isoformat()}  # fmt: skip
    officer.post(f"{base}/batch/", {**batch, "client_uuid": str(uuid4())})
    again = officer.post(f"{base}/batch/", {**batch, "client_uuid": str(uuid4())})
    assert again.context["form"].errors["code"]
    assert SamplingBatch.objects.count() == 1


def test_a_problem_outside_the_checklist(officer: Client, scene: Scene) -> None:
    visit = scene.draft()
    url = f"/inspections/visits/{visit.pk}/problem/"
    assert officer.get(url).status_code == 200
    data = {"client_uuid": str(uuid4()), "text": "门口占道", "photo": photo()}
    officer.post(url, data)
    assert Problem.objects.get().text == "门口占道"
    bad = {"client_uuid": str(uuid4()), "text": "另一处", "photo": SimpleUploadedFile("x", b"x")}
    answer = officer.post(url, bad)
    assert (
        answer.context["form"].errors["photo"]
        if "photo" in answer.context["form"].errors
        else answer.context["form"].non_field_errors()
    )
    assert "另一处" in answer.content.decode()
    assert Problem.objects.count() == 1


def test_find_a_subject_by_initials_and_filter(officer: Client, scene: Scene) -> None:
    url = f"/inspections/campaigns/{scene.campaign.pk}/"
    page = officer.get(url, {"q": "sldxxst", "show": "todo"})
    scene.ordered()
    for show, count in (("todo", 2), ("visited", 1), ("problem", 1), ("all", 3)):
        assert len(officer.get(url, {"show": show}).context["targets"]) == count
    assert len(officer.get(url, {"q": "第2", "show": "all"}).context["targets"]) == 1
    assert page.status_code == 200


@pytest.mark.parametrize("bad", ["?as_of=2026-13-45", "?as_of=x", "?page=x"])
def test_nonsense_in_the_address_does_no_harm(officer: Client, scene: Scene, bad: str) -> None:
    assert officer.get(f"/inspections/campaigns/{scene.campaign.pk}/{bad}").status_code == 200
