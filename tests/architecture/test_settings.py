"""The environment: production refuses what it must, in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import BASE_DIR, Environment, RefusedToStart, database_from_url
from config.management.commands.env_help import as_markdown, as_text, variables
from config.runner.keys import fresh_keys


def manage(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command line in a clean environment."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=BASE_DIR,
        env={**keep, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """Everything a real house sets."""
    return {
        **fresh_keys(),
        "PRODUCTION": "1",
        "ALLOWED_HOSTS": "yichuang.invalid",
        "VAR_DIR": str(tmp_path),
    }


def test_it_works(production: dict[str, str]) -> None:
    run = manage("check", "--deploy", "--fail-level", "WARNING", **production)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("variable", ["SECRET_KEY", "FIELD_MASTER_KEYS", "INDEX_KEY", "CHAIN_KEY"])
def test_production_refuses_a_default_key(production: dict[str, str], variable: str) -> None:
    del production[variable]
    run = manage("check", **production)
    assert run.returncode == 1
    assert run.stderr == f"production refuses to start: {variable} is the default\n"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS names every host"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50 characters"),
        (
            {"FIELD_MASTER_KEYS": "mine:000102030405060708090a0b0c0d0e0f"},
            "FIELD_MASTER_KEYS holds the default key",
        ),
        ({"INDEX_KEY": "short"}, "INDEX_KEY: expected 64 hex digits"),
        ({"FIELD_MASTER_KEYS": "k1"}, "FIELD_MASTER_KEYS: expected id:32 hex digits"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL: expected postgres://"),
        ({"PORT": "http"}, "PORT: "),
    ],
)
def test_a_wrong_variable_gives_one_line(
    production: dict[str, str], change: dict[str, str], words: str
) -> None:
    run = manage("check", **{**production, **change})
    assert run.returncode == 1
    assert words in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_a_development_house_needs_nothing(tmp_path: Path) -> None:
    assert manage("check", VAR_DIR=str(tmp_path)).returncode == 0


def test_postgres_address_is_understood() -> None:
    found = database_from_url("postgres://li%40x:p%2Fw@db.invalid:5433/one?sslmode=require")
    assert found["USER"] == "li@x"
    assert found["PASSWORD"] == "p/w"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.invalid", "5433", "one")
    assert found["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:////var/lib/a.sqlite3", "/var/lib/a.sqlite3"), ("sqlite:///a.sqlite3", "a.sqlite3")],
)
def test_sqlite_address_is_understood(url: str, path: str) -> None:
    assert database_from_url(url)["NAME"] == path


def test_another_database_is_refused() -> None:
    with pytest.raises(RefusedToStart):
        database_from_url("mysql://x")


def test_env_help_names_every_variable_with_help() -> None:
    names = [name for name, _, _ in variables()]
    assert names == [name.upper() for name in Environment.model_fields]
    assert all(len(description) > 15 for _, _, description in variables())
    assert all(f"{name}=" in as_text() for name in names)


def test_env_help_never_shows_a_key() -> None:
    assert "000102030405" not in as_text() + as_markdown()


def test_settings_page_is_fresh() -> None:
    assert (BASE_DIR / "docs/settings.md").read_text(encoding="utf-8") == as_markdown()
