"""A real district's catalogue with its dirt, read from where it lies."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from catalogue.models import Item
from catalogue.services import version_for_case
from organisations.models import Region, Unit

DATA = Path(os.environ.get("DOMAIN_DATA") or settings.BASE_DIR.parent / "shared" / "domain")
FILE = DATA / "items" / "guangan_511602_items.csv"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is absent"),
]


def totals(*args: str) -> dict[str, int]:
    out = StringIO()
    call_command("import_items", str(FILE), "--json", *args, stdout=out)
    return json.loads(out.getvalue().strip().splitlines()[-1])


def test_it_works() -> None:
    assert totals() == {
        "rows": 1135,
        "new": 0,
        "updated": 0,
        "unchanged": 0,
        "reported": 1135,
        "notices": 0,
    }
    first = totals("--create-units", "--publish")
    assert (first["rows"], first["new"], first["reported"], first["notices"]) == (
        1135,
        1135,
        0,
        174,
    )
    second = totals("--create-units", "--publish")
    assert (second["new"], second["updated"], second["unchanged"]) == (0, 0, 1135)
    assert Item.objects.live().count() == 1135
    assert Region.objects.get().name == "广安区"
    assert Unit.objects.count() == 34
    assert "残疾人证新办" in {item.name for item in Item.objects.live().search("cjrz")}
    version = version_for_case(code="511A0138000000")
    assert (version.promised_text, version.accept_levels) == ("20 个工作日", ["district"])


def test_its_departments_may_lie_where_the_option_says() -> None:
    Region.objects.create(code="410503000000", name="北关区", level="district")
    totals("--create-units", "--region", "410503000000")
    assert set(Unit.objects.values_list("region_id", flat=True)) == {"410503000000"}
