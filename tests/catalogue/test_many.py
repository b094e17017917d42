"""Many new items at once are what they are one by one; one that is refused stops no other."""

from typing import Any

import pytest
from django.db import models, transaction

from catalogue import signals
from catalogue.errors import InvalidItem, ItemCodeTaken
from catalogue.models import Item, ItemEvent, ItemVersion, LintFinding
from catalogue.resources import stage_file
from catalogue.services import (
    ImportOptions,
    altered_versions,
    apply_import,
    create_item,
    publish_version,
)
from catalogue.services.cards import PART_MODELS
from catalogue.services.many import NewItem, create_items
from common.errors import Forbidden
from common.events import chain_faults
from organisations.models import Unit, User
from organisations.services import system_user
from tests.catalogue.test_workbook import NEEDED, ONE, RICH, book
from tests.factories.catalogue import draft_item, make_card, make_department

pytestmark = pytest.mark.django_db
MOMENTS = {"id", "at", "created_at", "drafted_at", "published_at", "mac", "previous_mac", "item"}
MOMENTS |= {"version", "current"}


@pytest.fixture
def unit() -> Unit:
    return make_department()


def wanted(unit: Unit) -> list[NewItem]:
    cards = [make_card(), make_card(**RICH), make_card(code="C", promised_amount=None)]
    return [NewItem(card, unit) for card in cards]


def told(model: type[models.Model]) -> list[dict[str, Any]]:
    names = [field.name for field in model._meta.concrete_fields if field.name not in MOMENTS]
    return list(model.objects.order_by("pk").values(*names))


def everything() -> dict[str, Any]:
    tables = (Item, ItemVersion, LintFinding, *PART_MODELS.values(), ItemEvent)
    found: dict[str, Any] = {model.__name__: told(model) for model in tables}
    found["ItemEvent"].sort(key=str)
    pointed = Item.objects.order_by("pk").values_list("code", "current__item__code")
    return {**found, "current": list(pointed), "cards": cards()}


def cards() -> list[Any]:
    return [version.card() for version in ItemVersion.objects.with_parts().order_by("pk")]


def test_they_are_what_they_are_one_by_one(unit: Unit) -> None:
    actor = system_user("import")
    with transaction.atomic():
        for new in wanted(unit):
            item = create_item(actor=actor, card=new.card, department=unit)
            if new.is_publishable:
                publish_version(actor=actor, version_id=item.versions.get().pk, note="导入")
        singly = everything()
        transaction.set_rollback(True)
    create_items(actor=actor, wanted=wanted(unit), publish=True, note="导入")
    assert everything() == singly
    assert list(altered_versions()) == []
    for item in Item.objects.all():
        assert chain_faults(ItemEvent.objects.for_subject(item.pk)) == []


def test_each_publication_is_told(unit: Unit) -> None:
    heard: list[str] = []

    def hear(version: ItemVersion, **_rest: Any) -> None:
        heard.append(version.item.current.item.code)

    signals.version_published.connect(hear)
    try:
        create_items(actor=system_user("import"), wanted=wanted(unit), publish=True)
    finally:
        signals.version_published.disconnect(hear)
    assert heard == ["BG-CL-001", "BG-CL-002"]


def test_none_stands_if_one_is_refused(unit: Unit) -> None:
    actor = system_user("import")
    draft_item(unit, code="BG-CL-002", name="先来的")
    with pytest.raises(ItemCodeTaken):
        create_items(actor=actor, wanted=wanted(unit))
    with pytest.raises(InvalidItem):
        create_items(actor=actor, wanted=[NewItem(make_card(name=""), unit)])
    with pytest.raises(Forbidden):
        create_items(actor=User.objects.create_user("nobody"), wanted=wanted(unit))
    assert Item.objects.count() == 1


def test_a_row_refused_late_stops_no_other_of_its_batch(unit: Unit) -> None:
    rows = [[f"A-{number}", *ONE[1:]] for number in range(3)]
    actor = system_user("import")
    job = stage_file(
        actor=actor, name="x.xlsx", data=book(事项=[NEEDED, *rows]), options=ImportOptions()
    )
    draft_item(unit, code="A-1", name="先来的")
    report = apply_import(job_id=job.pk, actor=actor).report
    assert [row["fate"] for row in report["rows"]] == ["new", "reported", "new"]
    assert Item.objects.get(code="A-1").name == "先来的"
    assert Item.objects.count() == 3
