"""Migrations are complete, in one line per app, and leave a guarded database."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from common.append_only import append_only_tables, missing_triggers
from config.environment import BASE_DIR

pytestmark = pytest.mark.django_db


def own_apps() -> list[str]:
    """Labels of the apps in this repository."""
    return [
        config.label
        for config in apps.get_app_configs()
        if str(config.path).startswith(str(BASE_DIR)) and ".venv" not in str(config.path)
    ]


def test_it_works() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_each_app_has_one_last_migration() -> None:
    graph = MigrationLoader(connection).graph
    for app in own_apps():
        assert len(graph.leaf_nodes(app)) <= 1, app


def test_every_event_table_is_guarded_after_migrating() -> None:
    assert append_only_tables()
    assert missing_triggers(connection) == []
