"""Files of holiday notices: JSON as shipped or as holiday-cn publishes it, or CSV by day."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from deadlines.errors import CalendarFaulty
from deadlines.rules.notices import NoticeDay, notice_of_days

MOST_BYTES = 1_000_000
HEADINGS = ("年份", "文号", "发布日期", "日期", "类型", "名称")
COLUMNS = {
    "年份": "year",
    "文号": "number",
    "发布日期": "published_on",
    "日期": "day",
    "date": "day",
    "类型": "kind",
    "名称": "name",
}
KINDS = {
    "休": False,
    "放假": False,
    "holiday": False,
    "班": True,
    "上班": True,
    "调休上班": True,
    "workday": True,
}
NEEDED = ("year", "number", "published_on", "day", "kind")
TITLE = "国务院办公厅关于%s年部分节假日安排的通知"

YEAR_DIGITS = 4


def read_notice(data: bytes) -> dict[str, Any]:
    """The notice a file holds, as it says it; whether it can be right is checked by the service.

    Raises:
        CalendarFaulty: the file cannot be read, each fault with its line.
    """
    if len(data) > MOST_BYTES:
        raise CalendarFaulty(_("the file is too large for a notice"))
    text = _decoded(data).strip()
    return _from_json(text) if text[:1] in "{[" else _from_csv(text)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarFaulty(_("the file is neither JSON nor CSV"))


def _from_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else None
    except ValueError:
        raise CalendarFaulty(_("the file is neither JSON nor CSV")) from None
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, dict):
        raise CalendarFaulty(_("the file must hold one notice"))
    made = _from_days(found) if "days" in found else found
    return {"title": TITLE % made.get("year"), "workdays": [], **made}


def _from_days(found: Mapping[str, Any]) -> dict[str, Any]:
    """The form of holiday-cn, with number and day of the paper added by hand."""
    paper = {
        "number": str(found.get("number") or ""),
        "published_on": str(found.get("published_on") or ""),
    }
    days, faults = [], []
    for place, row in enumerate(found["days"] if isinstance(found["days"], list) else [], start=1):
        try:
            is_workday = not bool(row["isOffDay"])
            name = str(row.get("name") or "")
            days.append(NoticeDay(date.fromisoformat(row["date"]), is_workday, name))
        except (TypeError, KeyError, ValueError, AttributeError):
            faults.append(_("entry %(place)s is not a day") % {"place": place})
    _refuse(faults)
    return notice_of_days(found.get("year"), TITLE % found.get("year"), [paper], days)


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(StringIO(text))
    heads = [COLUMNS.get(cell.strip(), cell.strip().lower()) for cell in next(reader, [])]
    lacking = [name for name in NEEDED if name not in heads]
    if lacking:
        wanted = {"columns": ", ".join(lacking)}
        raise CalendarFaulty(_("the file lacks the columns %(columns)s") % wanted)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * len(heads)]
            yield (
                reader.line_num,
                {head: cell.strip() for head, cell in zip(heads, padded, strict=False)},
            )


def _day(line: int, row: Mapping[str, str]) -> NoticeDay | str:
    try:
        day = date.fromisoformat(row["day"].replace("/", "-"))
    except ValueError:
        return _("line %(line)s: “%(text)s” is not a day") % {"line": line, "text": row["day"]}
    if row["kind"].lower() not in KINDS:
        return _("line %(line)s: write 休 or 班, not “%(text)s”") % {
            "line": line,
            "text": row["kind"],
        }
    return NoticeDay(day, KINDS[row["kind"].lower()], row.get("name", ""))


def _from_csv(text: str) -> dict[str, Any]:
    rows = list(_rows(text))
    found = [_day(line, row) for line, row in rows]
    faults = [each for each in found if isinstance(each, str)]
    heads = {name: sorted({row[name] for _line, row in rows}) for name in NEEDED[:3]}
    faults += [
        _("column %(column)s must say the same in every line, not %(values)s")
        % {"column": name, "values": "、".join(values)}
        for name, values in heads.items()
        if len(values) > 1
    ]
    _refuse(faults if rows else [_("the file holds no notice")])
    year = heads["year"][0]
    paper = {"number": heads["number"][0], "published_on": heads["published_on"][0]}
    days = [day for day in found if isinstance(day, NoticeDay)]
    number = int(year) if year.isdecimal() and len(year) == YEAR_DIGITS else year
    return notice_of_days(number, TITLE % year, [paper], days)


def _refuse(faults: list[str]) -> None:
    if faults:
        raise CalendarFaulty(_("; ").join(faults), fields={"file": faults})
