"""Each import contract holds, and each one fails when it is broken on purpose."""

import configparser
import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import BASE_DIR

FLOORS = "Calls go down, facts go up"
ROOMS = "Rooms inside every app"
APPS = [
    "organisations",
    "notifications",
    "documents",
    "deadlines",
    "catalogue",
    "intake",
    "inspections",
    "approvals",
    "supervision",
]
HOUSE = ("common", *APPS, "sample", "config")
PROTECTED = ("admin", "api", "receivers", "tasks")


def contracts() -> configparser.ConfigParser:
    """The contract file as data."""
    parser = configparser.ConfigParser(comment_prefixes=(";",))
    parser.read(BASE_DIR / ".importlinter", encoding="utf-8")
    return parser


def protected_modules() -> list[str]:
    """Modules that stand behind some front door."""
    found = contracts()
    return [
        module
        for section in found.sections()
        for module in found.get(section, "protected_modules", fallback="").split()
    ]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house's Python files where they may be spoiled."""
    for name in HOUSE:
        shutil.copytree(
            BASE_DIR / name,
            tmp_path / name,
            ignore=lambda folder, names: [
                name
                for name in names
                if not name.endswith(".py") and not (Path(folder) / name).is_dir()
            ],
        )
    shutil.copy(BASE_DIR / ".importlinter", tmp_path)
    return tmp_path


def broken(root: Path) -> set[str]:
    """Names of the contracts that lint-imports finds broken in ``root``."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    names = set(re.findall(r"^(.+?) +BROKEN(?: .*)?$", run.stdout, re.MULTILINE))
    assert (run.returncode == 0) == (not names), run.stdout + run.stderr
    return names


def write(file: Path, line: str) -> None:
    """``file`` holds one more line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(f"\n{line}\n")


def room(root: Path, app: str, name: str) -> Path:
    """The file of a room, whether it is a module or a package."""
    package = root / app / name / "__init__.py"
    return package if package.exists() else root / app / f"{name}.py"


def test_it_works() -> None:
    assert broken(BASE_DIR) == set()


@pytest.mark.parametrize(("lower", "upper"), list(itertools.pairwise(HOUSE)))
def test_an_upward_import_breaks_the_floors(copy: Path, lower: str, upper: str) -> None:
    if (lower, upper) == ("notifications", "documents"):
        pytest.skip("neighbours; the next test has them")
    write(copy / lower / "__init__.py", f"import {upper}")
    assert FLOORS in broken(copy)


@pytest.mark.parametrize(
    ("one", "other"), [("notifications", "documents"), ("documents", "notifications")]
)
def test_neighbours_are_strangers(copy: Path, one: str, other: str) -> None:
    write(copy / one / "__init__.py", f"import {other}")
    assert FLOORS in broken(copy)


@pytest.mark.parametrize("app", APPS)
def test_a_service_importing_a_task_breaks_the_rooms(copy: Path, app: str) -> None:
    write(room(copy, app, "tasks"), "")
    write(room(copy, app, "services"), f"import {app}.tasks")
    assert broken(copy) == {ROOMS}


@pytest.mark.parametrize("app", APPS)
def test_a_room_of_another_name_breaks_the_rooms(copy: Path, app: str) -> None:
    write(copy / app / "helpers.py", "")
    assert broken(copy) == {ROOMS}


def test_strangers_at_the_back_door_break_every_doors_contract(copy: Path) -> None:
    # sample may import everybody by floor, so only the doors are broken.
    for module in protected_modules():
        write(copy / "sample" / "stranger.py", f"import {module}")
    wanted = {f"{app}: strangers use the front door" for app in APPS}
    assert broken(copy) == wanted


def test_every_protected_room_that_exists_is_named() -> None:
    exists = {
        f"{app}.{name}"
        for app in APPS
        for name in PROTECTED
        if (BASE_DIR / app / f"{name}.py").exists()
        or (BASE_DIR / app / name / "__init__.py").exists()
    }
    assert set(protected_modules()) == exists
