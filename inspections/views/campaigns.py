"""Campaigns: my list, one campaign with its figures and targets, rows behind a figure."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import time
from common.errors import DomainError
from inspections import parts
from inspections.forms import BatchForm, InterviewForm
from inspections.models import Campaign, CampaignTarget, Order, Subject, Visit
from inspections.services import (
    BatchInput,
    InterviewInput,
    hold_interview,
    record_sampling_batch,
)
from inspections.services.authority import acts_for
from inspections.transitions import CONDUCT
from inspections.views.base import StaffView, tell_faults, words

FILTERS = {
    "todo": gettext_lazy("to do"),
    "visited": gettext_lazy("inspected"),
    "problem": gettext_lazy("with problems"),
    "all": gettext_lazy("all"),
}


class HomeView(StaffView):
    """Campaigns under way and what waits for a re-inspection."""

    def get(self, request: Any) -> HttpResponse:
        """The list."""
        today = time.today()
        campaigns = Campaign.objects.visible_to(self.user).for_list().with_progress()
        orders = Order.objects.visible_to(self.user)
        return self.page(
            "home",
            running=campaigns.running_on(today),
            others=campaigns.exclude(
                pk__in=Campaign.objects.running_on(today).order_by().values("pk")
            )[:20],
            drafts=Visit.objects.visible_to(self.user)
            .filter(state="draft", dispatch__members__officer=self.user)
            .for_list()[:10],
            due_count=orders.recheck_due(today).count(),
            open_count=orders.open().count(),
            overdue_count=orders.overdue(today).count(),
        )


def asked_day(text: str) -> date | None:
    """The day a query names; None for none, nonsense, or a day that has not come."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and day <= time.today() else None


class CampaignView(StaffView):
    """One campaign: how far it is, its figures, its targets."""

    def get(self, request: Any, pk: int) -> HttpResponse:
        """Progress first, then figures as of a day, then targets."""
        campaign = self.seen(Campaign.objects.for_list(), pk)
        as_of = asked_day(request.GET.get("as_of", ""))
        figures = parts.campaign_figures(campaign, user=self.user, as_of=as_of)
        chosen = request.GET.get("show", "todo")
        chosen = chosen if chosen in FILTERS else "todo"
        text = words(request.GET.get("q", "").strip(), 60)
        return self.page(
            "campaign",
            campaign=campaign,
            as_of=as_of,
            day=as_of or time.today(),
            since=f"?as_of={as_of.isoformat()}" if as_of else "",
            figures=figures,
            coverage=_share(figures["visited"].count, figures["targets"].count),
            tabs=self._tabs(campaign, chosen, text),
            chosen=chosen,
            q=text,
            targets=self.numbered(self._targets(campaign, chosen, text)),
            may_record=self.user.has_perm(CONDUCT) and acts_for(self.user, campaign.lead_unit_id),
        )

    def _tabs(self, campaign: Campaign, chosen: str, text: str) -> list[dict[str, Any]]:
        address = reverse("inspections:campaign", args=[campaign.pk])
        return [
            {
                "label": label,
                "url": f"{address}?show={key}" + (f"&q={text}" if text else ""),
                "current": key == chosen,
            }
            for key, label in FILTERS.items()
        ]

    def _targets(self, campaign: Campaign, chosen: str, text: str) -> Any:
        rows = CampaignTarget.objects.visible_to(self.user).filter(campaign=campaign)
        wanted = {
            "todo": rows.todo,
            "visited": rows.visited,
            "problem": rows.with_problems,
            "all": rows.live,
        }[chosen]()
        found = CampaignTarget.objects.filter(pk__in=wanted.order_by().values("pk"))
        found = found.search(text) if text else found
        return found.for_list().order_by("pk")


def _share(part: int, whole: int) -> int:
    """Whole per cent, rounded down so that 100 means all."""
    return part * 100 // whole if whole else 0


class FigureView(StaffView):
    """The rows a figure of the campaign consists of."""

    def get(self, request: Any, pk: int, key: str) -> HttpResponse:
        """Exactly as many rows as the figure says."""
        campaign = self.seen(Campaign.objects.for_list(), pk)
        as_of = asked_day(request.GET.get("as_of", ""))
        figure = parts.figure_of(campaign, key, user=self.user, as_of=as_of)
        rows = figure.rows.model.objects.filter(pk__in=figure.rows.order_by().values("pk"))
        shown = self.numbered(rows.for_list().order_by("-pk"))
        return self.page(
            "figure",
            campaign=campaign,
            figure=figure,
            as_of=as_of,
            day=as_of or time.today(),
            shown=shown,
            rows=[parts.row_of(thing) for thing in shown],
        )


class RecordView(StaffView):
    """A form that adds one record to a campaign."""

    permission = CONDUCT
    form_class: Any
    heading: str | Promise = ""

    def get(self, request: Any, pk: int) -> HttpResponse:
        """The empty form."""
        return self._form_page(pk, None)

    def post(self, request: Any, pk: int) -> HttpResponse:
        """The record stands, or the form says what is wrong."""
        return self._form_page(pk, request.POST)

    def _form_page(self, pk: int, data: Any) -> HttpResponse:
        campaign = self.seen(Campaign.objects.for_list(), pk)
        listed = Subject.objects.visible_to(self.user).filter(targets__campaign=campaign)
        form = self.form_class(data, campaign=campaign, subjects=listed)
        if data is not None and form.is_valid() and self._stored(campaign, form):
            messages.success(self.request, _("recorded"))
            return self.go("campaign", campaign.pk)
        return self.page("record", campaign=campaign, form=form, heading=self.heading)

    def _stored(self, campaign: Campaign, form: Any) -> bool:
        facts = dict(form.cleaned_data)
        common = {"subject_id": facts.pop("subject").pk, "client_uuid": facts.pop("client_uuid")}
        try:
            self.record(facts, actor=self.user, campaign_id=campaign.pk, **common)
        except DomainError as fault:
            tell_faults(form, fault)
            return False
        return True

    def record(self, facts: dict[str, Any], **common: Any) -> None:
        """The record is stored."""
        raise NotImplementedError


class InterviewView(RecordView):
    """An interview is put on record."""

    form_class = InterviewForm
    heading = gettext_lazy("record an interview")

    def record(self, facts: dict[str, Any], **common: Any) -> None:
        """The interview is stored."""
        hold_interview(facts=InterviewInput(**facts), **common)


class BatchView(RecordView):
    """A sampling batch is put on record."""

    form_class = BatchForm
    heading = gettext_lazy("record a sampling batch")

    def record(self, facts: dict[str, Any], **common: Any) -> None:
        """The batch is stored."""
        record_sampling_batch(facts=BatchInput(**facts), **common)
