"""Export: one row an item, read back without a change, no cell a formula."""

import csv
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from catalogue.models import ItemVersion
from catalogue.resources import FORMATS, TEMPLATE_HEADINGS, export_items, stage_file
from catalogue.resources.cells import guarded, unguarded
from catalogue.services import ImportOptions, apply_import
from common.models import Job
from organisations.services import system_user
from tests.factories.catalogue import MATERIALS, draft_item, published_item

pytestmark = pytest.mark.django_db
DETAILED = [{**MATERIALS[0], "spec": "A4", "standard": "字迹清楚"}]
HOSTILE = '=HYPERLINK("http://example.org")'


@pytest.fixture(autouse=True)
def items() -> None:
    published_item(materials=DETAILED, conditions=HOSTILE, contact_phone="+86 372 000")
    draft_item(
        code="BG-CL-002", name="残疾人证换领", steps=[{"name": "审；核", "role": "", "workdays": 1}]
    )


def exported(form: str) -> bytes:
    return export_items(user=system_user("import"), form=form)


def stage(data: bytes) -> Job:
    options = ImportOptions()
    return stage_file(actor=system_user("import"), name="事项", data=data, options=options)


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


def cells_of(data: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(BytesIO(data))["事项"].iter_rows(values_only=True))


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_read_back_changes_nothing(form: str) -> None:
    before = list(ItemVersion.objects.order_by("pk").values_list("pk", "content_sha"))
    job = stage(exported(form))
    summary = job.report["summary"]
    assert (summary["rows"], summary["unchanged"]) == (2, 2), job.report["rows"]
    apply_import(job_id=job.pk, actor=system_user("import"))
    assert list(ItemVersion.objects.order_by("pk").values_list("pk", "content_sha")) == before


def test_a_changed_cell_keeps_the_details_of_the_others() -> None:
    changed = exported("csv").replace("残疾人服务".encode(), "助残".encode())
    job = stage(changed)
    assert job.report["summary"]["updated"] == 2
    apply_import(job_id=job.pk, actor=system_user("import"))
    newest = ItemVersion.objects.filter(item__code="BG-CL-001").order_by("-number")[0]
    assert newest.materials.get().spec == "A4"
    assert newest.conditions == HOSTILE


def test_what_was_imported_is_exported_cell_for_cell() -> None:
    changed = exported("csv").replace("残疾人服务".encode(), "助残".encode())
    apply_import(job_id=stage(changed).pk, actor=system_user("import"))
    assert exported("csv") == changed


def test_both_forms_say_the_same_of_items() -> None:
    book = [[cell or "" for cell in row] for row in cells_of(exported("xlsx"))]
    table = lines(exported("csv"))
    assert table[0] == list(TEMPLATE_HEADINGS)
    kept = [table[0].index(heading) for heading in book[0]]
    assert book == [[line[place] for place in kept] for line in table]


def test_no_cell_begins_a_formula() -> None:
    cells = [cell for line in lines(exported("csv")) for cell in line]
    assert f"'{HOSTILE}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["", "甲", "=1", "+1", "-a", "@a", "'=1", "''@", "'甲", "'"])
def test_a_guarded_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_the_public_gets_no_draft() -> None:
    codes = [line[0] for line in lines(export_items(user=AnonymousUser(), form="csv"))[1:]]
    assert codes == ["BG-CL-001"]


def test_the_command_writes_the_form_the_name_says(tmp_path: Path) -> None:
    call_command("export_items", str(tmp_path / "事项.xlsx"))
    call_command("export_items", str(tmp_path / "items"), format="csv")
    assert len(cells_of((tmp_path / "事项.xlsx").read_bytes())) == 3
    assert (tmp_path / "items").read_bytes() == exported("csv")


@pytest.mark.parametrize("name", ["items.pdf", "items", "no/such/folder.csv"])
def test_the_command_says_why_it_cannot_write(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError):
        call_command("export_items", str(tmp_path / name))
    assert not (tmp_path / name).exists()
