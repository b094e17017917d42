"""Sheets of a workbook beside the sheet of items: one row an entry, keyed by the item's code."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from catalogue.resources.headings import Column, field_names, heading_word
from catalogue.resources.widgets import (
    CellWidget,
    CodeWidget,
    DayTextWidget,
    Given,
    NumberWidget,
    TextWidget,
    WordWidget,
)
from catalogue.rules import lists, words
from catalogue.rules.cards import told
from catalogue.rules.lists import CATCH_ALL, MAX_COPIES
from catalogue.rules.text import fields_of, parts_of

Entry = dict[str, Any]
CODE = Column("事项编码", "code", CodeWidget(64), ("local_catalog_code", "编码"))
MOST_MONTHS = 1200


@dataclass(frozen=True)
class Sheet:
    """One part of a card as a sheet; its first column must say something."""

    name: str
    part: str
    columns: tuple[Column, ...]

    @cached_property
    def fields(self) -> dict[str, str]:
        """The field by every word that names a column, the item's code among them."""
        return {**field_names(self.columns), **field_names((CODE,))}

    @cached_property
    def by_field(self) -> dict[str, Column]:
        """The columns by field."""
        return {column.field: column for column in self.columns}

    @property
    def headings(self) -> list[str]:
        """The heading row."""
        return [CODE.heading, *(column.heading for column in self.columns)]

    def entry(self, cells: dict[str, Any]) -> tuple[Entry, list[tuple[str, str]]]:
        """The entry these cells make, and what is wrong by heading."""
        values: Entry = {}
        faults: list[tuple[str, str]] = []
        for column in self.columns:
            try:
                values[column.field] = column.widget.clean(cells.get(column.field, ""))
            except ValueError as fault:
                faults.append((column.heading, str(fault)))
        faults += [] if faults else self._senseless(values)
        return told(values), faults

    def _senseless(self, values: Entry) -> list[tuple[str, str]]:
        first = self.columns[0]
        said = values[first.field]
        if not said:
            return [(first.heading, _("“%(heading)s” is missing") % {"heading": first.heading})]
        if self.part == "materials" and CATCH_ALL.fullmatch(said):
            text = _("“%(name)s” is a catch-all: name each material that is asked for")
            return [(first.heading, text % {"name": said})]
        return []

    def row(self, entry: Entry) -> list[str]:
        """The cells of the entry, in the order of the columns."""
        return [column.widget.render(_said(column, entry)) for column in self.columns]


def _said(column: Column, entry: Entry) -> Any:
    """The entry's value; an entry leaves out what it says nothing about."""
    return entry[column.field] if column.field in entry else column.widget.clean("")


SHEETS = (
    Sheet(
        "申请材料",
        "materials",
        (
            Column("材料名称", "name", TextWidget(200), ("材料", "申请材料名称")),
            Column("必要性", "necessity", WordWidget(words.NECESSITIES, "1"), ("材料必要性",)),
            Column("原件或复印件", "kind", WordWidget(words.MATERIAL_KINDS, "1"), ("材料类型",)),
            Column("份数", "copies", NumberWidget(MAX_COPIES, 1), ("材料份数",)),
            Column("来源渠道", "source", WordWidget(words.SOURCES, "10"), ("来源", "材料来源")),
            Column("要求依据", "basis", TextWidget(300), ("依据", "材料依据")),
            Column("纸质或电子", "form", WordWidget(words.MATERIAL_FORMS), ("材料形式",)),
            Column("规格", "spec", TextWidget(120), ("材料规格",)),
            Column("取得渠道", "source_note", TextWidget(200), ("来源渠道说明",)),
            Column("受理标准", "standard", TextWidget(500)),
            Column("填报须知", "filling_notes", TextWidget(500)),
            Column("空白表格", "blank_form", TextWidget(300)),
            Column("示例样表", "sample", TextWidget(300)),
            Column("有效期（月）", "valid_months", NumberWidget(MOST_MONTHS), ("有效期",)),
        ),
    ),
    Sheet(
        "办理环节",
        "steps",
        (
            Column("环节名称", "name", TextWidget(60), ("环节", "办理环节")),
            Column("办理人", "role", TextWidget(120), ("办理人员", "办理主体")),
            Column("工作日", "workdays", NumberWidget(365), ("办理时限", "时限（工作日）")),
            Column("审查标准", "standard", TextWidget(500)),
            Column("环节结果", "result", TextWidget(200), ("办理结果",)),
        ),
    ),
    Sheet(
        "设定依据",
        "bases",
        (Column("依据条文", "text", TextWidget(500), ("条款", "设定依据", "依据")),),
    ),
    Sheet(
        "收费项目",
        "fees",
        (
            Column("收费项目名称", "name", TextWidget(120), ("收费项目", "项目名称")),
            Column("收费标准", "standard", TextWidget(300)),
            Column("收费依据", "basis", TextWidget(300)),
            Column("减免对象", "exemption", TextWidget(300), ("减免情形",)),
            Column("减免依据", "exemption_basis", TextWidget(300)),
        ),
    ),
    Sheet(
        "下放",
        "delegations",
        (
            Column("下放层级", "level", WordWidget(words.LEVELS), ("层级",)),
            Column("限定区划", "region_code", CodeWidget(12), ("区划代码",)),
            Column("下放起始日", "from_on", DayTextWidget(10), ("起始日期", "开始日期")),
            Column("下放截止日", "to_on", DayTextWidget(10), ("截止日期", "终止日期")),
            Column("下放文件", "document", TextWidget(300), ("文件", "依据文件")),
        ),
    ),
    Sheet(
        "常见问题",
        "faqs",
        (
            Column("问题", "question", TextWidget(200)),
            Column("答复", "answer", TextWidget(), ("解答", "答案")),
        ),
    ),
)
SHEET_OF_PART = {sheet.part: sheet for sheet in SHEETS}
SHEET_NAMED = {heading_word(sheet.name): sheet for sheet in SHEETS} | {
    heading_word(sheet.part): sheet for sheet in SHEETS
}


@dataclass(frozen=True)
class SheetEntries:
    """What the rows of a part's sheet say of one item; faults keep the item from being stored."""

    entries: list[Entry]
    faults: list[dict[str, str]]
    doubts: list[dict[str, str]]


class EntriesWidget(CellWidget):
    """A part as one cell: entries in a small syntax of bars and semicolons, else JSON."""

    exact = list

    def __init__(
        self,
        part: str,
        reads: Callable[[str], list[Entry]] | None = None,
        shows: Callable[[list[Entry]], str] | None = None,
    ) -> None:
        super().__init__()
        self.sheet = SHEET_OF_PART[part]
        self.reads, self.shows = reads or self._bars_in, shows or self._bars_out

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The entries of the cell, or of the part's own sheet.

        Raises:
            ValueError: an entry means nothing here; without a text if the sheet's faults say it.
        """
        if not isinstance(value, SheetEntries):
            return super().clean(value, row, **kwargs)
        if value.faults:
            raise ValueError("")
        return value.entries

    def read(self, text: str, cell: Any) -> list[Entry]:
        """The entries."""
        return self.reads(text)

    def take(self, value: Any) -> list[Entry]:
        """The entries of a JSON list, each checked as a row of the sheet is.

        Raises:
            ValueError: an entry means nothing here.
        """
        if not isinstance(value, list):
            return list(super().take(value))
        return [self._taken(place, entry) for place, entry in enumerate(value, start=1)]

    def _taken(self, place: int, given: Any) -> Entry:
        entry, faults = self.sheet.entry(given_cells(self.sheet, given))
        if faults:
            heading, text = faults[0]
            raise ValueError(
                _("entry %(place)s, %(column)s: %(text)s")
                % {"place": place, "column": heading, "text": text}
            )
        return entry

    def short(self, value: Any) -> str:
        """The entries as one cell."""
        return self.shows(value)

    def _bars_in(self, text: str) -> list[Entry]:
        columns = self.sheet.columns
        names = [column.field for column in columns]
        rows = (fields_of(part, len(columns)) for part in parts_of(text))
        return [
            self._read(place, dict(zip(names, cells, strict=True)))
            for place, cells in enumerate(rows, start=1)
        ]

    def _read(self, place: int, cells: dict[str, str]) -> Entry:
        entry, faults = self.sheet.entry(cells)
        if faults:
            raise ValueError(
                _("entry %(place)s, %(column)s: %(text)s")
                % {"place": place, "column": faults[0][0], "text": faults[0][1]}
            )
        return entry

    def _bars_out(self, entries: list[Entry]) -> str:
        return "；".join("|".join(self.sheet.row(entry)).rstrip("|") for entry in entries)


def given_cells(sheet: Sheet, given: Any) -> dict[str, Any]:
    """The fields of one entry of a JSON file.

    Raises:
        ValueError: it is no entry, or it names a field that the part does not have.
    """
    entry = given if isinstance(given, dict) else {str(given): None}
    strange = [name for name in entry if heading_word(name) not in sheet.fields]
    if strange:
        raise ValueError(_("“%(name)s” is no column here") % {"name": strange[0][:40]})
    return {sheet.fields[heading_word(name)]: Given(value) for name, value in entry.items()}


def part_widget(part: str) -> EntriesWidget:
    """How a cell of the flat table holds the part."""
    readers: dict[str, tuple[Any, Any]] = {
        "materials": (lists.materials_in, lists.materials_out),
        "steps": (lists.steps_in, lists.steps_out),
        "bases": (lists.bases_in, lists.bases_out),
        "faqs": (lists.faqs_in, lists.faqs_out),
    }
    return EntriesWidget(part, *readers.get(part, ()))
