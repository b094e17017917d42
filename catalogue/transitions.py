"""The life of a version: the table that admin, services and tests read."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.choices import UNPUBLISHED, VersionState
from catalogue.rules.lint import errors_of
from common.flow import Flow, Transition

PUBLISH, DRAFT = "catalogue.publish_item", "catalogue.draft_item"


def has_all_elements(version: Any) -> str | Promise | None:
    """Refused while the check of the catalogue finds an error."""
    return _("; ").join(str(finding.text) for finding in errors_of(version)) or None


VERSION_FLOW = Flow(
    VersionState,
    initial=VersionState.DRAFT,
    transitions=(
        Transition(
            name="submit",
            label=gettext_lazy("send to review"),
            sources=frozenset({VersionState.DRAFT}),
            target=VersionState.REVIEW,
            permission=DRAFT,
            guards=(has_all_elements,),
            likely=4,
        ),
        Transition(
            name="send_back",
            label=gettext_lazy("send back to the drafter"),
            sources=frozenset({VersionState.REVIEW}),
            target=VersionState.DRAFT,
            permission=PUBLISH,
            note_required=True,
            likely=2,
        ),
        Transition(
            name="schedule",
            label=gettext_lazy("publish on a day"),
            sources=frozenset({VersionState.DRAFT, VersionState.REVIEW}),
            target=VersionState.SCHEDULED,
            permission=PUBLISH,
            guards=(has_all_elements,),
            likely=2,
        ),
        Transition(
            name="unschedule",
            label=gettext_lazy("take the publication back"),
            sources=frozenset({VersionState.SCHEDULED}),
            target=VersionState.DRAFT,
            permission=PUBLISH,
            note_required=True,
        ),
        Transition(
            name="publish",
            label=gettext_lazy("publish"),
            sources=frozenset(UNPUBLISHED),
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
