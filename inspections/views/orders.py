"""Orders: issue, list by day, look at, re-inspect, revoke."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from common import time
from common.errors import DomainError
from common.querysets import key_of
from inspections import parts
from inspections.choices import DeliveryWay
from inspections.errors import OrderExists
from inspections.forms import OrderForm, OutingForm, ReasonForm, RecheckForm
from inspections.models import Dispatch, FollowUp, Order, Visit
from inspections.services import (
    DeliveryInput,
    ItemFinding,
    OrderItemInput,
    attach_photo,
    default_due_on,
    dispatch_officers,
    issue_order,
    recheck_visit,
    revoke_order,
)
from inspections.services.authority import acts_for
from inspections.transitions import CONDUCT, ORDER_FLOW
from inspections.views.base import StaffView, outing_today, team_of, tell_faults


class IssueOrderView(StaffView):
    """The order of one visit is written and issued on the spot."""

    permission = CONDUCT

    def back(self) -> str:
        """The visit's page."""
        return reverse("inspections:visit", args=[self.kwargs["pk"]])

    def get(self, request: Any, pk: int) -> HttpResponse:
        """The order, filled in as usual."""
        visit = self._visit(pk)
        standing = visit.orders.standing().first()
        if standing:
            return self.go("order", standing.pk)
        return self._form_page(visit, self._form(visit))

    def post(self, request: Any, pk: int) -> HttpResponse:
        """The order stands and is printed, or the form says what is wrong."""
        visit = self._visit(pk)
        form = self._form(visit, request.POST)
        if not form.is_valid():
            return self._form_page(visit, form)
        try:
            order = self._issued(visit, form)
        except OrderExists as fault:
            messages.info(request, fault.message)
            return self.go("order", fault.details["order"])
        except DomainError as fault:
            tell_faults(form, fault)
            return self._form_page(visit, form)
        messages.success(request, _("issued: %(number)s") % {"number": order.number})
        return self.go("order", order.pk)

    def _visit(self, pk: int) -> Visit:
        visit: Visit = self.seen(Visit.objects.with_answers(), pk)
        return visit

    def _form(self, visit: Visit, data: Any = None) -> OrderForm:
        profile = visit.target.campaign.profile
        return OrderForm(
            data,
            problems=visit.problems.live().select_related("answer__item", "repeat_of"),
            default=profile.default_requirement,
            initial={
                "due_on": default_due_on(profile, time.today()),
                "way": DeliveryWay.DIRECT,
            },
        )

    def _issued(self, visit: Visit, form: OrderForm) -> Order:
        facts = form.cleaned_data
        return issue_order(
            actor=self.user,
            visit_id=visit.pk,
            due_on=facts["due_on"],
            client_uuid=facts["client_uuid"],
            items=[
                OrderItemInput(p.pk, facts[f"requirement-{p.pk}"], facts[f"standard-{p.pk}"])
                for p in form.problems
            ],
            delivery=DeliveryInput(
                way=facts["way"],
                receiver=facts["receiver"],
                refusal_reason=facts["refusal_reason"],
                witness=facts["witness"],
            ),
        )

    def _form_page(self, visit: Visit, form: OrderForm) -> HttpResponse:
        return self.page(
            "issue_order", visit=visit, form=form, profile=visit.target.campaign.profile
        )


class OrdersView(StaffView):
    """Orders by the day they end."""

    permission = "inspections.view_order"

    def get(self, request: Any) -> HttpResponse:
        """Open ones, overdue ones, those to re-inspect, or closed ones."""
        chosen = request.GET.get("show", "open")
        orders = Order.objects.visible_to(self.user).for_list()
        shown = {
            "open": orders.open().order_by("due_on", "pk"),
            "overdue": orders.overdue(time.today()).order_by("due_on", "pk"),
            "due": orders.recheck_due(time.today()).order_by("follow_ups__due_on", "pk"),
            "closed": orders.closed_by_day().order_by("-closed_at"),
        }
        chosen = chosen if chosen in shown else "open"
        labels = {
            "open": _("open orders"),
            "overdue": _("overdue orders"),
            "due": _("re-inspections due"),
            "closed": _("closed orders"),
        }
        return self.page(
            "orders",
            orders=self.numbered(shown[chosen]),
            chosen=chosen,
            tabs=[
                {"label": text, "url": f"?show={key}", "current": key == chosen}
                for key, text in labels.items()
            ],
        )


class OrderView(StaffView):
    """One order: how it stands, what to do now, its items, what happened."""

    permission = "inspections.view_order"

    def get(self, request: Any, pk: int) -> HttpResponse:
        """The order."""
        order = self.seen(Order.objects.with_items(), pk)
        acts = acts_for(self.user, order.department_id)
        return self.page(
            "order",
            order=order,
            receiver=order.reveal("receiver"),
            follow_up=order.follow_ups.pending().select_related("officer").first(),
            may_recheck=acts and self.user.has_perm(CONDUCT),
            may_revoke=acts and self._may_revoke(order),
            timeline=parts.timeline_of(order.events.for_subject(order.pk)),
        )

    def _may_revoke(self, order: Order) -> bool:
        return not ORDER_FLOW.refusals(ORDER_FLOW.by_name("revoke_order"), order, self.user)


class RecheckView(StaffView):
    """The re-inspection of one order, item by item."""

    permission = CONDUCT

    def back(self) -> str:
        """The order's page."""
        return reverse("inspections:order", args=[self.kwargs["pk"]])

    def get(self, request: Any, pk: int) -> HttpResponse:
        """Each open item with its three results."""
        order = self._order(pk)
        return self._form_page(order, self._form(order), self._outing_form(order))

    def post(self, request: Any, pk: int) -> HttpResponse:
        """The findings stand, or the form says what is wrong."""
        order = self._order(pk)
        form = self._form(order, request.POST, request.FILES)
        team = self._outing_form(order, request.POST)
        if not (form.is_valid() and team.is_valid()):
            return self._form_page(order, form, team)
        try:
            visit = self._rechecked(order, form, team)
        except DomainError as fault:
            tell_faults(form, fault)
            return self._form_page(order, form, team)
        self._keep_photos(visit, form)
        order.refresh_from_db()
        messages.success(request, order.get_state_display())
        return self.go("order", pk)

    def _order(self, pk: int) -> Order:
        order: Order = self.seen(Order.objects.with_items(), pk)
        return order

    def _form(self, order: Order, data: Any = None, files: Any = None) -> RecheckForm:
        return RecheckForm(data, files, items=order.items.unsettled().select_related("problem"))

    def _outing_form(self, order: Order, data: Any = None) -> OutingForm:
        campaign = order.visit.target.campaign
        form = OutingForm(data, team=team_of(campaign, self.user), actor=self.user)
        outing = outing_today(campaign.pk, self.user, time.today())
        if outing:
            form.fields["officers"].initial = [m.officer_id for m in outing.members.all()]
        return form

    def _rechecked(self, order: Order, form: RecheckForm, team: OutingForm) -> Visit:
        facts = form.cleaned_data
        known = Visit.objects.visible_to(self.user).filter(client_uuid=facts["client_uuid"])
        follow_up = order.follow_ups.order_by("-pk")
        if not known.exists():
            asked = self.request.POST.get("follow_up", "")
            follow_up = follow_up.filter(pk=key_of(asked))
        return recheck_visit(
            actor=self.user,
            follow_up_id=follow_up.values_list("pk", flat=True).first() or 0,
            dispatch_id=self._outing(order, team).pk,
            findings={
                item.pk: ItemFinding(facts[f"result-{item.pk}"], facts[f"note-{item.pk}"])
                for item in form.items
            },
            client_uuid=facts["client_uuid"],
        )

    def _outing(self, order: Order, team: OutingForm) -> Dispatch:
        campaign = order.visit.target.campaign
        chosen = list(team.cleaned_data["officers"])
        outing = outing_today(campaign.pk, self.user, time.today())
        if outing and {m.officer_id for m in outing.members.all()} == {o.pk for o in chosen}:
            return outing
        return dispatch_officers(
            actor=self.user,
            campaign_id=campaign.pk,
            officers=chosen,
            client_uuid=team.cleaned_data["client_uuid"],
        )

    def _keep_photos(self, visit: Visit, form: RecheckForm) -> None:
        """Photos are kept one by one; a refused one is told and costs no finding."""
        for item in form.items:
            photo = form.cleaned_data[f"photo-{item.pk}"]
            try:
                if photo:
                    attach_photo(
                        actor=self.user, visit_id=visit.pk, upload=photo, order_item_id=item.pk
                    )
            except DomainError as fault:
                messages.error(self.request, f"{item.number}. {fault.message}")

    def _form_page(self, order: Order, form: RecheckForm, team: OutingForm) -> HttpResponse:
        pending: FollowUp | None = order.follow_ups.pending().first()
        if pending is None:
            return self.go("order", order.pk)
        return self.page("recheck", order=order, form=form, team=team, follow_up=pending)


class RevokeView(StaffView):
    """The head takes an order back, with a reason."""

    def back(self) -> str:
        """The order's page."""
        return reverse("inspections:order", args=[self.kwargs["pk"]])

    def get(self, request: Any, pk: int) -> HttpResponse:
        """What will happen, and the reason."""
        return self._confirm(pk, ReasonForm())

    def post(self, request: Any, pk: int) -> HttpResponse:
        """The order is revoked, or the reason why not."""
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._confirm(pk, form)
        revoke_order(actor=self.user, order_id=pk, reason=form.cleaned_data["reason"])
        messages.success(request, _("it is done"))
        return self.go("order", pk)

    def _confirm(self, pk: int, form: ReasonForm) -> HttpResponse:
        order = self.seen(Order.objects.for_list(), pk)
        return self.page(
            "confirm", thing=order, form=form, heading=_("revoke order"), back=self.back()
        )
