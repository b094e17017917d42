"""Journey 5: an inspector with a phone, from the campaign to the closed order.

The checklist saves each tap, a failed item gets words and a photo, the order is issued
and printed on the spot, its limit stands with the others, and the re-inspection closes it.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from common import time
from deadlines.models import Clock
from inspections import parts
from inspections.models import Evidence, Order, Visit
from tests.factories.inspections import Scene, make_scene, photo_bytes, whole_checklist

pytestmark = pytest.mark.django_db(transaction=True)
FAILED = "12.1"


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    return make_scene(checklist=whole_checklist())


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "留样柜.jpg"
    path.write_bytes(photo_bytes())
    return path


def log_in(page: Page, username: str, onward: str = "/inspections/") -> None:
    page.goto(f"/admin/login/?next={onward}")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill("yichuang-demo")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"**{onward}")


def begin(page: Page, scene: Scene) -> Visit:
    page.get_by_role("link", name=scene.campaign.name).click()
    page.get_by_role("searchbox").fill("slddyxxst")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("searchbox").fill("第1")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="示例第1小学食堂").click()
    page.get_by_label(str(scene.second)).check()
    page.get_by_role("button", name="开始检查").click()
    page.wait_for_url("**/visits/*/")
    return Visit.objects.get()


def saved(page: Page, count: int) -> None:
    expect(page.locator("#sheet-progress")).to_contain_text(f"{count} / 47")


def tap(page: Page, item_id: int, result: str) -> None:
    page.locator(f'label[for="result-{item_id}-{result}"]').click()


def fill_in(page: Page, visit: Visit, picture: Path) -> None:
    """Every item passes but one, which gets words and a photo."""
    answers = list(visit.answers.select_related("item").order_by("item__position"))
    for count, answer in enumerate(answers, start=1):
        fails = answer.item.code == FAILED
        tap(page, answer.item_id, "fail" if fails else "pass")
        saved(page, count)
        if fails:
            page.locator(f"#text-{answer.item_id}").fill("留样柜内无当日午餐留样")
            with page.expect_response("**/lines/**"):
                page.locator(f"#photo-{answer.item_id}").set_input_files(picture)
            shown = page.locator(f"#line-{answer.item_id} .photos img")
            expect(shown).to_have_count(1)
            shown.scroll_into_view_if_needed()
            expect(shown).to_have_js_property("naturalWidth", 32)


def on_the_dashboard(new_page: Callable[..., Page], scene: Scene, *, expected: str) -> None:
    """The head of the unit reads how many limits of parties are open, and opens them."""
    desk = new_page(viewport={"width": 1440, "height": 900})
    log_in(desk, scene.head.username, "/supervision/")
    owed = desk.locator("tr", has_text="当事人整改")
    expect(owed.locator("td").last).to_have_text(expected)
    if expected != "0":
        owed.get_by_role("link", name=expected, exact=True).first.click()
        expect(desk.locator("table tbody tr")).to_have_count(int(expected))
        expect(desk.locator("table tbody tr")).to_contain_text("责令改正")
    desk.context.close()


@pytest.mark.browser
@pytest.mark.slow
def test_it_works(scene: Scene, phone: Page, picture: Path, new_page: Callable[..., Page]) -> None:
    log_in(phone, scene.officer.username)
    visit = begin(phone, scene)
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".errors")).to_contain_text("1.1")
    fill_in(phone, visit, picture)
    phone.goto(f"/inspections/visits/{visit.pk}/")
    saved(phone, 47)
    phone.get_by_role("button", name="提交").click()
    phone.wait_for_url("**/order/")
    assert Evidence.objects.get().problem.text == "留样柜内无当日午餐留样"

    phone.get_by_label("整改要求").fill("每餐每种成品留样不少于125克")
    phone.get_by_label("整改标准").fill("冷藏保存48小时以上")
    phone.get_by_label("签收人").fill("赵某某")
    phone.get_by_role("button", name="下达并打印").click()
    phone.wait_for_url("**/orders/*/")
    order = Order.objects.get()
    expect(phone.locator("h1")).to_contain_text(f"安北市监责改〔{time.today().year}〕1号")
    expect(phone.locator(".state-big .chip")).to_contain_text("剩")
    assert Clock.objects.open().get() == order.clock
    on_the_dashboard(new_page, scene, expected="1")

    phone.get_by_role("link", name="复查", exact=True).click()
    phone.get_by_text("已改正", exact=True).click()
    phone.get_by_role("button", name="登记复查结果").click()
    phone.wait_for_url(f"**/orders/{order.pk}/")
    expect(phone.locator(".state-big")).to_contain_text("已改正")
    assert not Clock.objects.open().exists()
    on_the_dashboard(new_page, scene, expected="0")
    counted = parts.campaign_figures(scene.campaign, user=scene.officer)
    assert counted["visited"].count == counted["closed_orders"].count == 1
    assert counted["person_times"].count == 2


@pytest.mark.browser
def test_without_scripts_the_form_still_works(new_page: Callable[..., Page], scene: Scene) -> None:
    page = new_page(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, is_mobile=True
    )
    log_in(page, scene.officer.username)
    visit = begin(page, scene)
    for answer in visit.answers.all():
        page.check(f"#result-{answer.item_id}-pass")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".state-big")).to_contain_text("符合")


@pytest.mark.browser
def test_nothing_on_the_phone_is_too_small_or_too_wide(scene: Scene, phone: Page) -> None:
    order = scene.ordered(1)
    scene.draft(0)
    log_in(phone, scene.officer.username)
    for path in (
        "",
        f"campaigns/{scene.campaign.pk}/",
        f"campaigns/{scene.campaign.pk}/rows/visited/",
        f"targets/{scene.targets[2].pk}/",
        f"visits/{Visit.objects.latest('pk').pk}/",
        f"visits/{order.visit_id}/",
        "orders/",
        f"orders/{order.pk}/",
        f"orders/{order.pk}/recheck/",
        f"campaigns/{scene.campaign.pk}/interview/",
    ):
        phone.goto(f"/inspections/{path}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
        small = phone.evaluate(
            """() => [...document.querySelectorAll(
                'main .btn, main .choices label, main .list-rows > li > a, main .tabs a')]
                .filter(e => e.getBoundingClientRect().height < 43.5)
                .map(e => e.className + ' ' + e.textContent.trim())"""
        )
        assert small == [], path


def test_another_streets_campaign_is_not_there(client: Client, scene: Scene) -> None:
    street = make_scene("street", name="patrol")
    client.force_login(street.officer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/inspections/campaigns/{scene.campaign.pk}/").status_code == 404
