"""What an applicant handed in before, and what he asked for before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from common import time
from common.identity import spelled
from common.querysets import PartQuerySet
from documents.models import Attachment
from intake.choices import MaterialStatus
from intake.errors import EarlierUnusable
from intake.models import Applicant, Case, CaseMaterial, MaterialFile
from intake.querysets import OVER
from intake.rules.reuse import TWIN_DAYS, reusable_until
from organisations.models import User

MOST_READ = 500


@dataclass(frozen=True)
class EarlierMaterial:
    """A material of this applicant that lies here with its scan and is still valid."""

    row: CaseMaterial
    until: date

    @property
    def name(self) -> str:
        """As the guide names it."""
        return self.row.name


def person_of(id_type: str, number: str) -> Applicant | None:
    """Whoever showed this paper before; None for a stranger."""
    return Applicant.objects.with_id(id_type, spelled(number)).first() if number else None


def earlier_materials(
    *, actor: User, person: Applicant, names: Iterable[str]
) -> dict[str, EarlierMaterial]:
    """The newest usable material of each name that the actor may see, by name."""
    rows = _originals(actor, person).filter(requirement__name__in=set(names))
    found: dict[str, EarlierMaterial] = {}
    for row in rows.order_by("-received_at", "-pk")[:MOST_READ]:
        until = _until(row)
        if row.name not in found and until >= time.today():
            found[row.name] = EarlierMaterial(row, until)
    return found


def _originals(actor: User, person: Applicant) -> PartQuerySet:
    """Materials of the person that came with a scan, not ones taken over from another case."""
    rows = CaseMaterial.objects.visible_to(actor).select_related("requirement", "case")
    return rows.filter(
        case__application__applicant=person,
        status=MaterialStatus.RECEIVED,
        original=None,
        pk__in=MaterialFile.objects.values("material"),
    )


def _until(row: CaseMaterial) -> date:
    received = time.local_date(row.received_at or time.now())
    return reusable_until(received, row.requirement.valid_months)


def use_again(row: CaseMaterial, earlier_id: int, *, actor: User) -> list[Attachment]:
    """The row says which earlier material it is; its files are given back, the caller saves.

    Raises:
        EarlierUnusable: it is another person's, of another name, over its time, or hidden.
    """
    person = row.case.application.applicant
    rows = _originals(actor, person).filter(pk=earlier_id, requirement__name=row.name)
    found = rows.prefetch_related("files__attachment").first()
    if found is None or _until(found) < time.today():
        text = _("“%(name)s” must be handed in anew") % {"name": row.name}
        raise EarlierUnusable(fields={"materials": [text]})
    row.original = found
    row.note = _("handed in with %(number)s") % {"number": found.case.number}
    return [file.attachment for file in found.files.all()]


def twins(
    *, actor: User, person: Applicant, item_ids: Sequence[int], token: str = ""
) -> list[Case]:
    """Cases on these items that the person has open, or opened within the last weeks.

    What the form with this token became is the same form, no second one.
    """
    since = time.now() - timedelta(days=TWIN_DAYS)
    rows = Case.objects.visible_to(actor).of_applicant(person.pk).filter(item__in=item_ids)
    if token:
        rows = rows.exclude(application__submission_token=token)
    return list(rows.filter(~Q(state__in=OVER) | Q(received_at__gte=since)).for_list()[:10])
