"""The house's own measure: short functions, short files, documented, no promises left in the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.environment import BASE_DIR

HOUSE = [
    "common",
    "organisations",
    "notifications",
    "documents",
    "deadlines",
    "catalogue",
    "intake",
    "inspections",
    "approvals",
    "supervision",
    "sample",
    "config",
]
LONGEST_FILE = 500
LONGEST_FUNCTION = 45
Function = ast.FunctionDef | ast.AsyncFunctionDef


def files() -> list[Path]:
    """Every Python file of the house, migrations left out."""
    return [
        path
        for app in HOUSE
        for path in (BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts
    ]


def functions() -> Iterator[tuple[str, int, Function]]:
    """Place, length without docstring, and node of every function."""
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                place = f"{path.relative_to(BASE_DIR)}:{node.lineno} {node.name}"
                yield place, length(node), node


def length(node: Function) -> int:
    """Lines from def to end, less the docstring."""
    span = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    documented = ast.get_docstring(node) is not None
    return span - ((first.end_lineno or 0) - first.lineno + 1 if documented else 0)


def test_it_works() -> None:
    assert len(files()) > 50


def test_no_file_is_longer_than_a_reader_bears() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    long = [str(path) for path, lines in lengths.items() if lines > LONGEST_FILE]
    assert long == []


def test_functions_answer_one_question() -> None:
    measured = sorted((lines, place) for place, lines, _ in functions())
    lengths = [lines for lines, _ in measured]
    assert sum(lengths) / len(lengths) <= 10
    assert lengths[int(len(lengths) * 0.95)] <= 28
    assert [place for lines, place in measured if lines > LONGEST_FUNCTION] == []


def test_imports_stand_at_the_top() -> None:
    late = [
        place
        for place, _, node in functions()
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom) and node.name != "ready"
    ]
    assert late == []


@pytest.mark.parametrize("room", ["services", "rules", "querysets"])
def test_what_others_call_is_documented(room: str) -> None:
    bare = [
        f"{path.relative_to(BASE_DIR)}:{node.lineno} {node.name}"
        for path in files()
        if room in path.with_suffix("").parts
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, Function | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert bare == []


def test_no_promise_is_left_in_the_code() -> None:
    promise = re.compile(r"\b(TODO|FIXME|XXX|HACK|BUILDING)\b")
    found = [
        f"{path.relative_to(BASE_DIR)}: {match.group()}"
        for path in files()
        for match in promise.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
