"""Forms in the making: a citizen's from home, a clerk's own, and what becomes of them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from catalogue.rules.form_lines import fields_in
from catalogue.services import draft_version, publish_version
from common import time
from common.keys import DataKey
from intake.choices import IdType
from intake.models import Application, Draft
from intake.rules.drafts import carried
from intake.services import drop_expired_drafts, open_prefill, prefill_of
from intake.services.drafts import DraftUnknown
from organisations.services import system_user
from tests.factories.catalogue import make_card
from tests.factories.intake import Office, an_office, valid_id
from tests.intake.test_admin import browser

pytestmark = pytest.mark.django_db
WINDOW = "/admin/window/"


@pytest.fixture
def office() -> Office:
    cache.clear()
    return an_office()


def typed(office: Office, **changes: str) -> dict[str, Any]:
    version = office.item.current_id
    return {
        "item": [office.item.code],
        "token": "t" * 32,
        "a-name": "张小明",
        "a-id_type": IdType.RESIDENT_ID.value,
        "a-id_number": valid_id(),
        "a-mobile": "13837212345",
        f"v{version}-disability_kind": "肢体",
        **changes,
    }


def filled_in(office: Office, **changes: str) -> Draft:
    answer = Client().post("/prefill/", typed(office, **changes))
    assert answer.status_code == 200, answer.content.decode()
    return Draft.objects.filter(owner=None).latest("pk")


def shown_fields(page: str) -> dict[str, str]:
    """Names and values of the inputs on a page."""
    found = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    return dict(found)


def window_data(page: str) -> dict[str, Any]:
    """The form as the browser would send it, with every material ticked."""
    fields = shown_fields(page)
    ticks = dict.fromkeys(re.findall(r'name="(m-m\d+_here)"', page), "on")
    chosen = re.findall(
        r'<select name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected>', page, re.DOTALL
    )
    return {**fields, **dict(chosen), **ticks, "action": "accept"}


def test_it_works_from_home_to_the_window(office: Office) -> None:
    draft = filled_in(office)
    assert "张小明" not in str(Draft.objects.filter(pk=draft.pk).values())
    clerk = browser(office.clerk)
    found = clerk.get(WINDOW, {"q": f" {draft.spoken_code.lower()} "}).content.decode()
    assert f"draft={draft.pk}" in found
    page = clerk.get(f"{WINDOW}form/", {"draft": draft.pk}).content.decode()
    assert "由申请人本人于" in page
    data = window_data(page)
    assert (data["a-name"], data["a-mobile"]) == ("张小明", "13837212345")
    answer = clerk.post(f"{WINDOW}form/", data)
    assert answer.status_code == 302, answer.content.decode()
    application = Application.objects.get()
    assert application.answers_to(office.item.current_id) == {"disability_kind": "肢体"}
    draft.refresh_from_db()
    assert (draft.application, draft.typed(), draft.is_erased) == (application, {}, True)
    again = clerk.get(WINDOW, {"q": draft.spoken_code}).content.decode()
    assert "已经提交" in again
    assert f"draft={draft.pk}" not in again


def test_the_page_says_everything_that_is_wrong(office: Office) -> None:
    data = typed(office, **{"a-id_number": "123", "a-mobile": "1"})
    data.pop(f"v{office.item.current_id}-disability_kind")
    answer = Client().post("/prefill/", data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "3 处需要更正" in text
    assert 'value="张小明"' in text
    assert not Draft.objects.exists()


def test_nothing_to_fill_in_leads_to_the_guides(office: Office) -> None:
    for codes in ([], ["nonsense"], ["\u202e"]):
        answer = Client().get("/prefill/", {"item": codes})
        assert (answer.status_code, answer["Location"]) == (302, "/")


def test_the_guide_leads_here(office: Office) -> None:
    guide = Client().get(office.item.get_absolute_url()).content.decode()
    assert f"/prefill/?item={office.item.code}" in guide


def test_the_same_page_sent_twice_has_one_code(office: Office) -> None:
    assert filled_in(office) == filled_in(office)
    assert Draft.objects.count() == 1


def test_one_address_opens_twenty_a_day(office: Office) -> None:
    for place in range(20):
        filled_in(office, token=f"{place:032}")
    answer = Client().post("/prefill/", typed(office, token="x" * 32))
    assert answer.status_code == 429
    assert "13837212345" in answer.content.decode()
    assert Draft.objects.count() == 20


def test_more_than_a_form_can_hold_is_refused(office: Office) -> None:
    answer = Client().post("/prefill/", typed(office, **{"a-extra": "字" * 60_001}))
    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_after_seven_days_nothing_is_left(office: Office) -> None:
    draft = filled_in(office)
    with time.travel(time.now() + timedelta(days=7, minutes=1)):
        with pytest.raises(DraftUnknown):
            prefill_of(actor=office.clerk, code=draft.code or "")
        assert drop_expired_drafts() == 1
        assert drop_expired_drafts() == 0
    assert not DataKey.objects.filter(pk=draft.data_key_id).exists()


def test_who_may_not_receive_a_case_finds_no_form(office: Office) -> None:
    draft = filled_in(office)
    with pytest.raises(DraftUnknown):
        prefill_of(actor=office.reviewer, code=draft.code or "")
    assert prefill_of(actor=office.other_clerk, code=draft.spoken_code) == draft


def test_two_windows_cannot_both_finish_it(office: Office) -> None:
    draft = filled_in(office)
    clerk = browser(office.clerk)
    page = clerk.get(f"{WINDOW}form/", {"draft": draft.pk}).content.decode()
    other = browser(office.clerk).get(f"{WINDOW}form/", {"draft": draft.pk}).content.decode()
    assert clerk.post(f"{WINDOW}form/", window_data(page)).status_code == 302
    second = clerk.post(f"{WINDOW}form/", window_data(other))
    assert second.status_code == 409
    assert "已经提交" in second.content.decode()
    assert Draft.objects.get().application == Application.objects.get()


def kept(client: Client, office: Office, **changes: str) -> Any:
    data = {**typed(office), "item": office.item.pk, "s-token": "s" * 32, **changes}
    return client.post(f"{WINDOW}keep/", data)


def test_what_a_clerk_types_is_stored_at_every_step(office: Office) -> None:
    clerk = browser(office.clerk)
    assert "已为您暂存" in kept(clerk, office, **{"a-name": "张"}).json()["detail"]
    kept(clerk, office, **{"a-name": "张小明"})
    draft = Draft.objects.get()
    listed = clerk.get(WINDOW).content.decode()
    assert draft.title in listed
    page = clerk.get(f"{WINDOW}form/", {"draft": draft.pk}).content.decode()
    fields = shown_fields(page)
    assert (fields["a-name"], fields["s-token"]) == ("张小明", "s" * 32)
    assert clerk.post(f"{WINDOW}form/", window_data(page)).status_code == 302
    assert kept(clerk, office).status_code == 409
    assert "未提交的登记" not in clerk.get(WINDOW).content.decode()


def test_a_clerks_form_is_his_own(office: Office) -> None:
    kept(browser(office.clerk), office)
    draft = Draft.objects.get()
    other = browser(office.other_clerk)
    assert draft.title not in other.get(WINDOW).content.decode()
    assert kept(other, office).status_code == 404
    other.post(reverse("admin:window_discard", args=(draft.pk,)))
    assert Draft.objects.get() == draft
    mine = browser(office.clerk)
    for _click in range(2):
        answer = mine.post(reverse("admin:window_discard", args=(draft.pk,)))
        assert answer.status_code == 302
    assert not Draft.objects.exists()


def test_a_page_without_its_token_is_not_kept(office: Office) -> None:
    answer = kept(browser(office.clerk), office, **{"s-token": "1"})
    assert answer.status_code == 422
    assert browser(office.reviewer).post(f"{WINDOW}keep/").status_code == 403


def test_a_successor_takes_the_answers_over(office: Office) -> None:
    draft = filled_in(office)
    card = make_card(
        department=office.department.code,
        form_definition=[*office.item.current.form_definition, *fields_in("why|事由|文本|选填")],
    )
    actor = system_user("sample")
    version = draft_version(
        actor=actor, item_id=office.item.pk, card=card, department=office.department, parent=None
    )
    publish_version(actor=actor, version_id=version.pk)
    page = browser(office.clerk).get(f"{WINDOW}form/", {"draft": draft.pk}).content.decode()
    data = window_data(page)
    assert data[f"v{version.pk}-disability_kind"] == "肢体"


def test_what_is_carried_over() -> None:
    names = {"a-name": ["张"], "v1-x": ["甲"], "v2-y": ["乙"], "m-m0_here": ["on"]}
    same = carried(names, {"A": 1, "B": 2}, {"A": 1, "B": 2})
    assert same == names
    assert carried(names, {"A": 1, "B": 2}, {"A": 7}) == {"a-name": ["张"], "v7-x": ["甲"]}


def test_a_code_is_drawn_by_the_house(office: Office) -> None:
    draft = open_prefill(
        token="z" * 32, title="甲", versions={}, typed={"a-name": ["张"]}, asker="10.0.0.1"
    )
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{8}", draft.code or "")
