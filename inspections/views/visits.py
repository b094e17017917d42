"""Targets and visits: begin, fill in, submit, look at, conclude."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import time
from common.errors import DomainError, TransitionRefused
from inspections import parts
from inspections.choices import VisitState
from inspections.forms import OutingForm, ProblemForm, ReasonForm
from inspections.models import CampaignTarget, Dispatch, Order, Visit
from inspections.services import (
    add_problem,
    approve_visit,
    dispatch_officers,
    open_visit,
    publish_result,
    submit_visit,
    void_visit,
)
from inspections.services.authority import acts_for
from inspections.transitions import APPROVE, CONDUCT, VISIT_FLOW
from inspections.views.base import StaffView, outing_today, team_of, tell_faults, words
from inspections.views.checklist import Sheet, save_sheet


class TargetView(StaffView):
    """One subject in one campaign: what was found before, and the way to begin."""

    def get(self, request: Any, pk: int) -> HttpResponse:
        """History and the form to begin."""
        return self._target_page(self._target(pk))

    def post(self, request: Any, pk: int) -> HttpResponse:
        """The inspection is begun with the officers chosen, or the form says why not."""
        target = self._target(pk)
        outing = outing_today(target.campaign_id, self.user, time.today())
        team = team_of(target.campaign, self.user)
        form = OutingForm(request.POST, team=team, actor=self.user)
        if not form.is_valid():
            return self._target_page(target, form)
        try:
            outing = self._outing(target, form, outing)
            visit = open_visit(
                actor=self.user,
                target_id=target.pk,
                dispatch_id=outing.pk,
                client_uuid=form.cleaned_data["client_uuid"],
            )
        except DomainError as fault:
            tell_faults(form, fault)
            return self._target_page(target, form)
        return self.go("visit", visit.pk)

    def _outing(
        self, target: CampaignTarget, form: OutingForm, outing: Dispatch | None
    ) -> Dispatch:
        """Today's outing if the same officers are on it, else a new one."""
        chosen = list(form.cleaned_data["officers"])
        if outing and {m.officer_id for m in outing.members.all()} == {o.pk for o in chosen}:
            return outing
        return dispatch_officers(
            actor=self.user,
            campaign_id=target.campaign_id,
            officers=chosen,
            client_uuid=form.cleaned_data["client_uuid"],
        )

    def _target(self, pk: int) -> CampaignTarget:
        rows = CampaignTarget.objects.select_related(
            "subject", "campaign__profile", "campaign__lead_unit"
        )
        target: CampaignTarget = self.seen(rows, pk)
        return target

    def _target_page(self, target: CampaignTarget, form: OutingForm | None = None) -> HttpResponse:
        visits = Visit.objects.visible_to(self.user).filter(target__subject=target.subject_id)
        begun = [v for v in visits.for_list() if v.target_id == target.pk]
        draft = next((v for v in begun if v.state == VisitState.DRAFT), None)
        done = any(v.kind == "first" and v.state in {"submitted", "approved"} for v in begun)
        return self.page(
            "target",
            target=target,
            visits=visits.for_list()[:20],
            orders=Order.objects.visible_to(self.user)
            .filter(visit__target__subject=target.subject_id)
            .for_list()[:20],
            draft=draft,
            form=form or self._outing_form(target),
            may_begin=self._may_act(target) and not draft and not done and not target.excluded_at,
        )

    def _outing_form(self, target: CampaignTarget) -> OutingForm:
        outing = outing_today(target.campaign_id, self.user, time.today())
        form = OutingForm(team=team_of(target.campaign, self.user), actor=self.user)
        if outing:
            form.fields["officers"].initial = [m.officer_id for m in outing.members.all()]
        return form

    def _may_act(self, target: CampaignTarget) -> bool:
        return self.user.has_perm(CONDUCT) and acts_for(self.user, target.campaign.lead_unit_id)


class VisitView(StaffView):
    """A visit: the checklist while it is a draft, its result afterwards."""

    def get(self, request: Any, pk: int) -> HttpResponse:
        """The sheet to fill in, or what was found."""
        visit = self._visit(pk)
        if visit.state == VisitState.DRAFT:
            return self._sheet_page(Sheet(visit))
        return self.page(
            "visit",
            visit=visit,
            problems=visit.problems.live().prefetch_related("evidence"),
            checks=visit.item_checks.select_related("item__problem"),
            order=visit.orders.standing().first(),
            photos=visit.evidence.filter(problem=None, order_item=None),
            offers=self._offers(visit),
            may_publish=self._may_publish(visit),
            timeline=parts.timeline_of(visit.events.for_subject(visit.pk)),
        )

    def post(self, request: Any, pk: int) -> HttpResponse:
        """The sheet is saved; with the submit button the visit is submitted as well."""
        visit = self._visit(pk)
        if visit.state != VisitState.DRAFT:
            return self.go("visit", visit.pk)
        sheet = save_sheet(visit, request.POST, request.FILES, actor=self.user)
        if sheet.faults or "submit" not in request.POST:
            return self._saved(sheet)
        try:
            visit = submit_visit(actor=self.user, visit_id=visit.pk)
        except TransitionRefused as fault:
            return self._sheet_page(Sheet(self._visit(pk)), reasons=fault.reasons)
        return self._after_submit(visit)

    def _saved(self, sheet: Sheet) -> HttpResponse:
        if sheet.faults:
            return self._sheet_page(sheet)
        messages.success(self.request, _("saved"))
        return self.go("visit", sheet.visit.pk)

    def _after_submit(self, visit: Visit) -> HttpResponse:
        if visit.order_is_due:
            messages.info(self.request, _("submitted; now issue the order to rectify"))
            return self.go("issue_order", visit.pk)
        messages.success(self.request, _("inspection submitted"))
        return self.go("visit", visit.pk)

    def _visit(self, pk: int) -> Visit:
        visit: Visit = self.seen(Visit.objects.with_answers(), pk)
        return visit

    def _sheet_page(self, sheet: Sheet, reasons: Any = ()) -> HttpResponse:
        officers = sheet.visit.dispatch.members.select_related("officer")
        mine = any(member.officer_id == self.user.pk for member in officers)
        return self.page(
            "checklist",
            visit=sheet.visit,
            sheet=sheet,
            officers=officers,
            mine=mine,
            reasons=reasons,
        )

    def _offers(self, visit: Visit) -> list[Any]:
        if not acts_for(self.user, visit.department_id):
            return []
        return [o for o in VISIT_FLOW.available(visit, self.user) if o.transition.name != "submit"]

    def _may_publish(self, visit: Visit) -> bool:
        waiting = visit.publication_clock_id is not None and visit.published_at is None
        return waiting and self.user.has_perm(APPROVE) and acts_for(self.user, visit.department_id)


class VisitVerbView(StaffView):
    """Approve, void or publish, each with its confirmation."""

    titles = {
        "approve": gettext_lazy("approve inspection"),
        "void": gettext_lazy("void inspection"),
        "publish": gettext_lazy("record publication"),
    }

    def back(self) -> str:
        """The visit's page."""
        return reverse("inspections:visit", args=[self.kwargs["pk"]])

    def get(self, request: Any, pk: int, verb: str) -> HttpResponse:
        """What will happen, and for voiding the reason."""
        return self._confirm(pk, verb, ReasonForm())

    def post(self, request: Any, pk: int, verb: str) -> HttpResponse:
        """It happened, or the reason why not."""
        form = ReasonForm(request.POST)
        if verb == "void" and not form.is_valid():
            return self._confirm(pk, verb, form)
        note = words(request.POST.get("reason", ""), 200)
        if verb == "void":
            void_visit(actor=self.user, visit_id=pk, reason=note)
        elif verb == "approve":
            approve_visit(actor=self.user, visit_id=pk, note=note)
        else:
            publish_result(actor=self.user, visit_id=pk)
        messages.success(request, _("it is done"))
        return self.go("visit", pk)

    def _confirm(self, pk: int, verb: str, form: ReasonForm) -> HttpResponse:
        visit = self.seen(Visit.objects.with_answers(), pk)
        return self.page(
            "confirm",
            thing=visit,
            form=form if verb == "void" else None,
            heading=self.titles[verb],
            back=self.back(),
        )


class FreeProblemView(StaffView):
    """A problem that belongs to no item of the checklist."""

    permission = CONDUCT

    def get(self, request: Any, pk: int) -> HttpResponse:
        """The empty form."""
        return self._form_page(pk, ProblemForm())

    def post(self, request: Any, pk: int) -> HttpResponse:
        """The problem stands, or the form says what is wrong."""
        form = ProblemForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._form_page(pk, form)
        try:
            add_problem(actor=self.user, visit_id=pk, **form.cleaned_data)
        except DomainError as fault:
            tell_faults(form, fault)
            return self._form_page(pk, form)
        return self.go("visit", pk)

    def _form_page(self, pk: int, form: ProblemForm) -> HttpResponse:
        visit = self.seen(Visit.objects.with_answers(), pk)
        return self.page("problem", visit=visit, form=form)
