"""Loading: the same seed and day give the same district; a wrong house is left alone."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.environment import BASE_DIR
from organisations.models import Region, Unit, User
from sample.errors import ProductionRefused, SampleRefused
from sample.services import LoadOptions, load_district

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FINGERPRINT = re.compile(r"[0-9a-f]{64}\s*$")


def _manage(house: Path, *words: str) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=BASE_DIR,
        env={**environment, "VAR_DIR": str(house)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _fingerprint(run: subprocess.Popen[str]) -> str:
    said, _nothing = run.communicate(timeout=400)
    assert run.returncode == 0, said
    found = FINGERPRINT.search(said)
    assert found, said
    return found[0].strip()


def test_two_databases_hold_the_same_district(tmp_path: Path) -> None:
    houses = [tmp_path / name for name in ("first", "second", "third")]
    houses[0].mkdir()
    migrate = _manage(houses[0], "migrate", "--verbosity", "0")
    said, _nothing = migrate.communicate(timeout=400)
    assert migrate.returncode == 0, said
    for house in houses[1:]:
        shutil.copytree(houses[0], house)
    load = ("load_sample", "--small", "--date", "2026-11-25", "--seed")
    runs = [_manage(house, *load, seed) for house, seed in zip(houses, "559", strict=True)]
    first, second, other = (_fingerprint(run) for run in runs)
    assert first == second
    assert first != other
    assert (houses[0] / "sample-token.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_house_with_data_is_left_alone() -> None:
    Region.objects.create(code="410503000000", name="北关区", level="district")
    with pytest.raises(SampleRefused):
        load_district(LoadOptions())
    assert not Unit.objects.exists()
    with pytest.raises(CommandError, match="空数据库"):
        call_command("load_sample")


@pytest.mark.django_db
def test_a_house_with_people_is_left_alone() -> None:
    User.objects.create_user(username="somebody", password="a-long-password-9")
    with pytest.raises(SampleRefused):
        load_district(LoadOptions())


@pytest.mark.django_db
def test_production_never_takes_sample_data(settings: object) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(ProductionRefused):
        load_district(LoadOptions())
    assert not Region.objects.exists()


@pytest.mark.django_db
def test_a_failing_load_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(
        "事项编码,事项名称,事项类型,实施部门\nX-1,无部门事项,公共服务,\n"
    )
    monkeypatch.setattr("sample.services.items.DATA", tmp_path)
    with pytest.raises(CommandError):
        call_command("load_sample", "--small")
    assert not Region.objects.exists()
    assert not User.objects.exclude(kind="system").exists()
