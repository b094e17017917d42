"""Law and articles of every legal basis are found in its text, also of published versions.

What a version says stays as it is: the two columns only repeat its text so that it can be
searched. The guard against changes is put back after every migrate.
"""

from django.db import migrations

from catalogue.rules.citations import citation

TABLE = "catalogue_versionbasis"


def cite(apps, schema_editor):
    on = f' ON "{TABLE}"' if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f'DROP TRIGGER IF EXISTS "{TABLE}_frozen"{on}')
    bases = apps.get_model("catalogue", "VersionBasis")
    for basis in bases.objects.filter(law="").iterator(chunk_size=500):
        bases.objects.filter(pk=basis.pk).update(**citation(basis.text)._asdict())


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_elements")]
    operations = [migrations.RunPython(cite, migrations.RunPython.noop, elidable=True)]
