"""Verbs of the catalogue; no other code writes an item, a version or their states."""

from catalogue.services.bundles import offer_bundle, rest_bundle, write_bundle
from catalogue.services.cards import (
    card_of,
    cards_by_code,
    check_again,
    deciding_unit,
    version_for_case,
)
from catalogue.services.imports import ImportOptions, apply_import, queue_import, stage_import
from catalogue.services.items import create_item, draft_again, draft_version
from catalogue.services.versions import (
    abolish_version,
    altered_versions,
    publish_due,
    publish_version,
    resume_version,
    schedule_version,
    send_back_version,
    submit_version,
    suspend_version,
    unschedule_version,
)

__all__ = [
    "ImportOptions",
    "abolish_version",
    "altered_versions",
    "apply_import",
    "card_of",
    "cards_by_code",
    "check_again",
    "create_item",
    "deciding_unit",
    "draft_again",
    "draft_version",
    "offer_bundle",
    "publish_due",
    "publish_version",
    "queue_import",
    "rest_bundle",
    "resume_version",
    "schedule_version",
    "send_back_version",
    "stage_import",
    "submit_version",
    "suspend_version",
    "unschedule_version",
    "version_for_case",
    "write_bundle",
]
