"""Migrations are complete, in one line per app, and leave a guarded database."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from catalogue.models import ItemVersion
from catalogue.services.freezing import lift_freeze
from common.append_only import append_only_tables, missing_triggers
from config.environment import BASE_DIR
from tests.factories.catalogue import published_item

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


OLD_GUARD = """CREATE TRIGGER catalogue_materialrequirement_frozen
BEFORE UPDATE ON catalogue_materialrequirement
WHEN (SELECT state FROM catalogue_itemversion WHERE id = OLD.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'frozen'); END"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite remakes tables")
def test_a_house_with_rows_is_upgraded_though_triggers_name_its_tables() -> None:
    """The house of the first release: published items, and the guard it put on them."""
    published_item()
    lift_freeze(connection)
    MigrationExecutor(connection).migrate([("catalogue", "0001_initial")])
    try:
        with connection.cursor() as cursor:
            cursor.execute(OLD_GUARD)
    finally:
        call_command("migrate", stdout=StringIO(), verbosity=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.update(name="anders")
    assert missing_triggers(connection) == []
