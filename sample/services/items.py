"""The sample catalogue, through the importer an administrator uses."""

from catalogue.choices import RowFate
from catalogue.resources import stage_file
from catalogue.services import ImportOptions, apply_import
from common.models import Job
from organisations.models import User
from sample.errors import CatalogueUnusable
from sample.services.files import DATA
from sample.services.places import DISTRICT

FILE = "items.csv"


def import_items(actor: User) -> Job:
    """Every row of the shipped catalogue is in force.

    Raises:
        CatalogueUnusable: a row was refused; the reasons are named.
    """
    staged = stage_file(
        actor=actor,
        name=FILE,
        data=(DATA / FILE).read_bytes(),
        options=ImportOptions(publish=True, region=DISTRICT, default_promise=0),
    )
    job = apply_import(job_id=staged.pk, actor=actor)
    refused = [row for row in job.report["rows"] if row["fate"] == RowFate.REPORTED]
    if refused:
        raise CatalogueUnusable("；".join(f"{row['code']} {row['reasons']}" for row in refused))
    return job
