"""What other apps embed: the base of every verb's form, serializers of a case, its links."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalogue.models import Bundle, Item
from common.flow import Transition
from common.search import Hit, Scanned
from deadlines.registry import SubjectLink
from documents.parts import paper_keys_scanned
from intake.choices import Desk
from intake.models import Application, Case, CaseClock, CaseMaterial, Draft, FirstContact, Helping
from intake.querysets import CaseQuerySet
from intake.registry import Section
from intake.rules.numbers import ALPHABET, CHECK_LENGTH
from intake.rules.progress import NextStep, is_over, next_step, outcome
from intake.rules.recounts import Recount
from intake.services.effects import settle_case
from intake.services.recounts import recounts_of
from intake.services.supplements import open_materials
from intake.transitions import CASE_FLOW
from organisations.models import User

NOTE_LENGTH = 500


class VerbForm(forms.Form):
    """The form of one move; a subclass names the move, the service and what it passes on.

    ``for_many`` says that it asks for a note at most, so that many cases take it at once.
    """

    move: ClassVar[str]
    service: ClassVar[Callable[..., Case]]
    takes_note: ClassVar[bool] = True
    for_many: ClassVar[bool] = False
    note_label: ClassVar[Any] = _("note for the file")

    row_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case: Case, actor: User, **kwargs: Any) -> None:
        self.case, self.actor = case, actor
        super().__init__(*args, **kwargs)
        self.fields["row_version"].initial = case.row_version
        if self.takes_note:
            self.fields["note"] = self._note_field()

    def _note_field(self) -> forms.CharField:
        required = self.transition.note_required
        return forms.CharField(
            label=_("reason") if required else self.note_label,
            max_length=NOTE_LENGTH,
            required=required,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    @classmethod
    def from_api(cls, case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The form's data as an API client spells them."""
        return data

    @property
    def transition(self) -> Transition:
        """The move of the table this form makes."""
        return CASE_FLOW.by_name(self.move)

    def arguments(self) -> dict[str, Any]:
        """What the service takes beside case, actor and version."""
        return {"note": self.cleaned_data["note"]} if self.takes_note else {}

    def carry_out(self, *, actor: User) -> Case:
        """The case after the move; what the law had done before stands even if it is refused.

        Raises:
            DomainError: the move is refused.
        """
        settle_case(case_id=self.case.pk)
        return type(self).service(
            case_id=self.case.pk,
            actor=actor,
            expected_version=self.cleaned_data.get("row_version"),
            **self.arguments(),
        )


def case_links(clock_ids: Collection[int]) -> dict[int, SubjectLink]:
    """Title and address of the cases of these clocks, for lists of clocks."""
    links = CaseClock.objects.filter(clock_id__in=clock_ids).select_related("case__item")
    return {
        link.clock_id: SubjectLink(
            title=f"{link.case.item.name} {link.case.number}", url=case_url(link.case)
        )
        for link in links
    }


def contact_links(clock_ids: Collection[int]) -> dict[int, SubjectLink]:
    """Title and address of the first contacts of these clocks; what was wanted is not in it."""
    rows = FirstContact.objects.filter(clocks__in=clock_ids)
    found = rows.values_list("clocks", "pk").filter(clocks__in=clock_ids)
    return {
        clock: SubjectLink(
            title=str(_("first contact")),
            url=reverse("admin:intake_firstcontact_change", args=(pk,)),
        )
        for clock, pk in found
    }


def helping_section(case: Case) -> Section:
    """Who stands by the applicant, or the way to name somebody."""
    rows = Helping.objects.filter(application=case.application_id)
    helping = rows.select_related("helper", "application__point").first()
    facts = {
        "application_id": case.application_id,
        "helping": helping,
        "may_begin": not is_over(case.state),
    }
    return Section("intake/case_helping.html", facts)


def lock_case_of(clock_id: int) -> None:
    """The row lock of the clock's case is held: case comes before clock in the lock order."""
    case_ids = CaseClock.objects.filter(clock_id=clock_id).values_list("case_id", flat=True)
    list(Case.objects.locked().filter(pk__in=list(case_ids)).values_list("pk"))


def case_url(case: Case) -> str:
    """The case's page in the admin."""
    return reverse("admin:intake_case_change", args=(case.pk,))


def find_cases(user: User, text: str, limit: int) -> list[Hit]:
    """Cases for the search box: numbers, receipt numbers, applicants' names and initials."""
    if not user.has_perm("intake.view_case"):
        return []
    return _case_hits(Case.objects.visible_to(user).find(text)[:limit])


def _case_hits(cases: CaseQuerySet) -> list[Hit]:
    return [
        Hit(
            title=case.item.name,
            subtitle=f"{case.number} · {case.application.applicant.masked_name}",
            url=case_url(case),
            badge=case.state_label,
        )
        for case in cases.for_list()
    ]


def cases_scanned(user: User, scanned: Scanned) -> list[Hit]:
    """Cases of a case number, of a receipt, or of the check characters on it.

    A receipt is known by its number, its own check address or the progress address.
    """
    if not user.has_perm("intake.view_case"):
        return []
    numbers = (*scanned.texts, *scanned.question("check", "number"))
    numbers += scanned.question("progress", "receipt")
    wanted = Q(number__in=numbers) | Q(application__number__in=numbers)
    wanted |= Q(application__receipt__in=paper_keys_scanned(scanned))
    wanted |= Q(application__check_code__in=_eight_signs(scanned, "progress", "check", "code"))
    return _case_hits(Case.objects.visible_to(user).filter(wanted).order_by("pk"))


def prefills_scanned(user: User, scanned: Scanned) -> list[Hit]:
    """The form with this code that a citizen filled in at home, ready to be finished here."""
    if not user.has_perm("intake.receive_case"):
        return []
    rows = Draft.objects.visible_to(user).unexpired().filter(application=None)
    address = reverse("admin:window_form")
    return [
        Hit(title=draft.title, subtitle=draft.spoken_code, url=f"{address}?draft={draft.pk}")
        for draft in rows.filter(code__in=_eight_signs(scanned, "prefill", "code"))
    ]


def _eight_signs(scanned: Scanned, page: str, *names: str) -> set[str]:
    """What can be check characters or a prefill code among the codes scanned."""
    spelled = (text.upper().replace("-", "") for text in scanned.codes(page, *names))
    return {text for text in spelled if len(text) == CHECK_LENGTH and set(text) <= set(ALPHABET)}


class CaseBriefSerializer(serializers.ModelSerializer[Case]):
    """A case as it appears inside other things."""

    item = serializers.CharField(source="item.name", read_only=True)
    state_label = serializers.CharField(read_only=True)

    class Meta:
        model = Case
        fields = ("number", "item", "state", "state_label")


@dataclass(frozen=True)
class CaseProgress:
    """One case as the holder of the receipt sees it."""

    case: Case
    step: NextStep
    outcome: Any
    over: bool
    recounts: list[Recount]
    wanted: list[CaseMaterial]

    @property
    def ask(self) -> str:
        """Whom to ask, with telephone."""
        if self.step.by == Desk.DEPARTMENT:
            unit = self.case.department
            return f"{unit.name} {unit.phone}".strip()
        point = self.case.service_point
        return f"{point.name} {point.phone}".strip()


def progress_of(application: Application) -> list[CaseProgress]:
    """Every case of the application with its next step and the days that moved."""
    prefetch_related_objects([application], "cases__materials__requirement")
    cases = list(application.cases.all())
    moved = recounts_of(cases)
    return [
        CaseProgress(
            case=case,
            step=next_step(case.state),
            outcome=outcome(case.result),
            over=is_over(case.state),
            recounts=moved.get(case.pk, []),
            wanted=open_materials(case),
        )
        for case in cases
    ]


def prefill_address(item: Item) -> str:
    """Where the item's form is filled in at home; empty where no case is opened on it."""
    question = urlencode({"item": item.code})
    return f"{reverse('intake:prefill')}?{question}" if item.opens_cases else ""


def bundle_prefill_address(bundle: Bundle) -> str:
    """Where the one form of the bundle is filled in at home; empty while it cannot be had."""
    question = urlencode({"bundle": bundle.code})
    return f"{reverse('intake:prefill')}?{question}" if bundle.is_open else ""


def asker_of(request: HttpRequest) -> str:
    """The address the question came from."""
    return str(request.META.get("REMOTE_ADDR", ""))
