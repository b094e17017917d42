"""The sample catalogue, through the importer an administrator uses."""

from catalogue.choices import RowFate
from catalogue.resources import stage_file
from catalogue.rules.bundles import BundleCard, parts_in
from catalogue.services import ImportOptions, apply_import, offer_bundle, write_bundle
from common.models import Job
from organisations.models import User
from sample.errors import CatalogueUnusable
from sample.services.files import DATA, Row, rows
from sample.services.places import DISTRICT

FILE = "items.csv"
BUNDLES = "bundles"


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


def write_bundles(actor: User) -> int:
    """Every bundle of the shipped list is offered; how many there are."""
    cards = [_bundle(row) for row in rows(BUNDLES)]
    for card in cards:
        bundle = write_bundle(actor=actor, card=card)
        offer_bundle(actor=actor, bundle_id=bundle.pk)
    return len(cards)


def _bundle(row: Row) -> BundleCard:
    return BundleCard(
        code=row["code"],
        name=row["name"],
        lead=row["lead"],
        about=row["about"],
        parts=parts_in(row["parts"]),
    )
