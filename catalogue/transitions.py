"""The life of a version: the table that admin, services and tests read."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.choices import VersionState
from catalogue.rules.cards import ItemCard
from catalogue.rules.faults import publish_faults
from common.flow import Flow, Transition

PUBLISH = "catalogue.publish_item"


def has_all_elements(version: Any) -> str | Promise | None:
    """Refused while an element a published guide needs is missing."""
    card = ItemCard(
        nature=version.item.nature,
        accept_levels=version.accept_levels,
        promised_amount=version.promised_amount,
        case_type=version.case_type,
        decide_level=version.decide_level,
        delegation_basis=version.delegation_basis,
    )
    return _("; ").join(publish_faults(card)) or None


VERSION_FLOW = Flow(
    VersionState,
    initial=VersionState.DRAFT,
    transitions=(
        Transition(
            name="publish",
            label=gettext_lazy("publish"),
            sources=frozenset({VersionState.DRAFT}),
            target=VersionState.PUBLISHED,
            permission=PUBLISH,
            guards=(has_all_elements,),
            likely=3,
        ),
        Transition(
            name="suspend",
            label=gettext_lazy("suspend"),
            sources=frozenset({VersionState.PUBLISHED}),
            target=VersionState.SUSPENDED,
            permission=PUBLISH,
            note_required=True,
            likely=2,
        ),
        Transition(
            name="resume",
            label=gettext_lazy("put in force again"),
            sources=frozenset({VersionState.SUSPENDED}),
            target=VersionState.PUBLISHED,
            permission=PUBLISH,
            likely=2,
        ),
        Transition(
            name="abolish",
            label=gettext_lazy("abolish"),
            sources=frozenset({VersionState.PUBLISHED, VersionState.SUSPENDED}),
            target=VersionState.ABOLISHED,
            permission=PUBLISH,
            note_required=True,
        ),
        Transition(
            name="supersede",
            label=gettext_lazy("supersede"),
            sources=frozenset({VersionState.PUBLISHED, VersionState.SUSPENDED}),
            target=VersionState.SUPERSEDED,
            permission=PUBLISH,
        ),
    ),
)
