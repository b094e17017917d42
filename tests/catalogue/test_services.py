"""Verbs of the catalogue: draft, publish, suspend, resume, abolish; and what is frozen."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from catalogue import signals
from catalogue.choices import VersionState
from catalogue.errors import InvalidItem, ItemCodeTaken, ItemNotFound, ItemNotInForce
from catalogue.models import Item, ItemEvent, ItemVersion, MaterialRequirement
from catalogue.services import (
    abolish_version,
    altered_versions,
    card_of,
    deciding_unit,
    draft_version,
    publish_version,
    resume_version,
    suspend_version,
    version_for_case,
)
from common import time
from common.errors import Forbidden, InvalidInput, TransitionRefused
from common.events import chain_faults
from organisations.models import User
from organisations.services import system_user
from tests.factories.catalogue import (
    COMMUNITY,
    DISTRICT,
    draft_item,
    make_card,
    make_department,
    make_point,
    published_item,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> User:
    return system_user("sample")


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("dengta01")


def redraft(item: Item, actor: User, **changes: Any) -> ItemVersion:
    return draft_version(
        actor=actor,
        item_id=item.pk,
        card=make_card(**changes),
        department=item.department,
    )


def test_it_works(actor: User) -> None:
    item = published_item()
    version = item.current
    assert version.state == VersionState.PUBLISHED
    assert [row.name for row in version.materials.all()] == [
        "残疾人证申请表",
        "居民身份证",
        "两寸照片",
    ]
    assert card_of(version) == make_card()
    assert (item.initials, item.opens_cases) == ("cjrzbl", True)
    verbs = list(ItemEvent.objects.for_subject(item.pk).values_list("verb", flat=True))
    assert verbs == ["draft", "publish"]


def test_the_chain_of_an_item_holds(actor: User) -> None:
    item = published_item()
    suspend_version(actor=actor, version_id=item.current_id, note="修订")
    assert chain_faults(ItemEvent.objects.for_subject(item.pk)) == []


def test_a_code_is_taken_once() -> None:
    draft_item()
    with pytest.raises(ItemCodeTaken):
        draft_item()


def test_contradictions_are_refused_by_field() -> None:
    with pytest.raises(InvalidItem) as refusal:
        draft_item(promised_amount=30)
    assert list(refusal.value.fields) == ["promised_amount"]
    assert not Item.objects.exists()


def test_strangers_draft_and_publish_nothing(clerk: User) -> None:
    item = draft_item()
    with pytest.raises(Forbidden):
        redraft(item, clerk, conditions="新")
    with pytest.raises((TransitionRefused, ItemNotFound)):
        publish_version(actor=clerk, version_id=item.versions.get().pk)
    assert item.versions.get().state == VersionState.DRAFT


def test_a_clerk_may_not_suspend_what_he_sees(clerk: User) -> None:
    item = published_item()
    with pytest.raises(TransitionRefused):
        suspend_version(actor=clerk, version_id=item.current_id, note="x")
    item.refresh_from_db()
    assert item.is_live


def test_a_draft_is_rewritten_in_place(actor: User) -> None:
    item = draft_item()
    again = redraft(item, actor, conditions="年满十六周岁", materials=[])
    assert again.number == 1
    assert (again.conditions, again.materials.count()) == ("年满十六周岁", 0)


def test_the_same_words_make_no_new_version(actor: User) -> None:
    item = published_item()
    assert redraft(item, actor) == item.current
    assert item.versions.count() == 1
    assert ItemEvent.objects.filter(item=item).count() == 2


def test_a_successor_supersedes(actor: User) -> None:
    item = published_item()
    old = item.current
    new = redraft(item, actor, name="残疾人证申领", promised_amount=10)
    item.refresh_from_db()
    assert (item.name, item.current_id) == ("残疾人证办理", old.pk)
    publish_version(actor=actor, version_id=new.pk)
    item.refresh_from_db()
    old.refresh_from_db()
    assert (item.current_id, item.name, item.initials) == (new.pk, "残疾人证申领", "cjrzsl")
    assert (old.state, old.promised_amount, old.materials.count()) == (
        VersionState.SUPERSEDED,
        15,
        3,
    )


def test_facts_change_at_once_elements_wait(actor: User) -> None:
    item = published_item()
    version = redraft(item, actor, theme="社会救助")
    item.refresh_from_db()
    assert (item.theme, version.pk) == ("社会救助", item.current_id)


def test_an_incomplete_draft_is_not_published(actor: User) -> None:
    item = draft_item(promised_amount=None)
    with pytest.raises(TransitionRefused) as refusal:
        publish_version(actor=actor, version_id=item.versions.get().pk)
    assert "承诺" in refusal.value.message


def test_suspend_resume_abolish(actor: User) -> None:
    item = published_item()
    version = item.current
    with pytest.raises(InvalidInput):
        suspend_version(actor=actor, version_id=version.pk, note=" ")
    suspend_version(actor=actor, version_id=version.pk, note="系统升级")
    with pytest.raises(ItemNotInForce):
        version_for_case(code=item.code)
    resume_version(actor=actor, version_id=version.pk)
    assert version_for_case(code=item.code) == version
    abolish_version(actor=actor, version_id=version.pk, note="国务院决定取消")
    item.refresh_from_db()
    assert item.current is None
    with pytest.raises(TransitionRefused):
        resume_version(actor=actor, version_id=version.pk)


def test_a_suspended_version_gives_way_to_its_successor(actor: User) -> None:
    item = published_item()
    suspend_version(actor=actor, version_id=item.current_id, note="修订")
    new = publish_version(actor=actor, version_id=redraft(item, actor, conditions="新").pk)
    states = dict(item.versions.values_list("number", "state"))
    assert states == {1: VersionState.SUPERSEDED, 2: VersionState.PUBLISHED}
    assert new.number == 2


def test_publishing_twice_is_refused(actor: User) -> None:
    item = published_item()
    with pytest.raises(TransitionRefused):
        publish_version(actor=actor, version_id=item.current_id)


def test_facts_are_told(actor: User) -> None:
    heard: list[Any] = []

    def hear(sender: Any, version: ItemVersion, actor: User, **_kwargs: Any) -> None:
        heard.append((version.state, actor))

    signals.version_published.connect(hear)
    try:
        published_item()
    finally:
        signals.version_published.disconnect(hear)
    assert heard == [("published", actor)]


def test_time_of_publication_is_the_house_time(actor: User) -> None:
    moment = time.at_local(time.today())
    with time.freeze(moment):
        assert published_item().current.published_at == moment


@pytest.mark.parametrize(
    "change",
    [{"name": "改"}, {"promised_amount": 1}, {"content_sha": "0"}, {"mobile": False}],
)
def test_the_database_refuses_to_rewrite_a_published_version(change: dict[str, Any]) -> None:
    version = published_item().current
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemVersion.objects.filter(pk=version.pk).update(**change)


def test_the_database_refuses_to_rewrite_a_published_material() -> None:
    material = published_item().current.materials.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        MaterialRequirement.objects.filter(pk=material.pk).update(name="改")


def test_a_draft_may_be_rewritten_by_the_database() -> None:
    version = draft_item().versions.get()
    assert ItemVersion.objects.filter(pk=version.pk).update(conditions="x") == 1
    assert MaterialRequirement.objects.filter(version=version).update(copies=2) == 3


def test_a_material_slipped_in_is_noticed() -> None:
    version = published_item().current
    assert list(altered_versions()) == []
    MaterialRequirement.objects.create(version=version, order=9, name="户口簿")
    assert list(altered_versions()) == [version]


@pytest.mark.parametrize(
    "values",
    [
        {"promised_amount": 21, "statutory_amount": 20, "statutory_basis": "某条"},
        {"statutory_amount": 20},
        {"fee": True},
        {"state": VersionState.PUBLISHED},
    ],
)
def test_the_database_refuses_nonsense(values: dict[str, Any]) -> None:
    item = draft_item()
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.create(
            item=item, number=2, name="x", **{"state": "superseded", **values}
        )


def test_an_item_has_one_draft_and_one_version_in_force() -> None:
    item = published_item()
    now = time.now()
    for state in (VersionState.PUBLISHED, VersionState.SUSPENDED):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemVersion.objects.create(item=item, number=7, name="x", state=state, published_at=now)


def test_only_case_items_open_cases() -> None:
    published_item(nature="query", form_definition=[])
    with pytest.raises(ItemNotInForce):
        version_for_case(code="BG-CL-001")
    with pytest.raises(ItemNotFound):
        version_for_case(code="nothing")


def test_who_decides() -> None:
    department = make_department()
    station, hall = make_point(COMMUNITY, "社区站"), make_point(DISTRICT, "区大厅")
    centre = make_point()
    by_street = published_item(code="A", decide_level="street").current
    by_community = published_item(code="B", decide_level="community").current
    by_district = published_item(code="C").current
    assert deciding_unit(version=by_district, point=station) == department
    assert deciding_unit(version=by_street, point=station) == centre.unit
    assert deciding_unit(version=by_community, point=station) == station.unit
    assert deciding_unit(version=by_street, point=hall) == department
