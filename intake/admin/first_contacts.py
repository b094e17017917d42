"""First contacts as both sides work on them: recorded, handed over, taken up, answered."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from common.admin import CaseworkAdmin
from common.errors import DomainError
from deadlines.parts import clock_chip
from intake.admin.pages import actor_of
from intake.forms.first_contacts import NewContactForm, form_for, take_refusal
from intake.forms.reveal import RevealForm
from intake.models import FirstContact, FirstContactEvent
from intake.services.first_contacts import (
    VERBS,
    contact_offers,
    record_first_contact,
    reveal_contact,
)
from intake.transitions import FIRST_CONTACT_FLOW
from organisations.models import User

SHOWN = 5


class SideFilter(admin.SimpleListFilter):
    """What waits here, and what was asked here."""

    title = _("whose step")
    parameter_name = "side"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Both sides of the matter."""
        return [("waiting", _("waits for us")), ("asked", _("asked first at our point"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The contacts of the chosen side."""
        if self.value() == "waiting":
            return queryset.waiting_for(request.user)
        return queryset.asked_at(request.user) if self.value() == "asked" else queryset


def build_panel(user: User) -> dict[str, Any] | None:
    """What waits for this person's places; None while nothing does."""
    if not user.has_perm("intake.view_firstcontact"):
        return None
    rows = FirstContact.objects.visible_to(user).waiting_for(user).for_list()
    found = list(rows[: SHOWN + 1])
    return {"contacts": found[:SHOWN], "more": len(found) > SHOWN} if found else None


@admin.register(FirstContact)
class FirstContactAdmin(CaseworkAdmin):
    """List, page and steps of first contacts."""

    list_display = (
        "number_text",
        "wanted",
        "time_left",
        "state_text",
        "point",
        "receiver_text",
        "recorded_at",
    )
    list_display_links = ("number_text", "wanted")
    list_filter = (SideFilter, "state")
    search_fields = ("wanted",)
    search_help_text = _("what is wanted")
    change_form_template = "admin/intake/firstcontact/page.html"
    change_list_template = "admin/intake/firstcontact/change_list.html"

    @admin.display(description=_("number"), ordering="pk")
    def number_text(self, contact: FirstContact) -> str:
        """The number that can be told."""
        return contact.number

    @admin.display(description=_("time left"), ordering="clock__due_at")
    def time_left(self, contact: FirstContact) -> str:
        """The remaining-time chip."""
        return clock_chip(contact.clock) if contact.clock else ""

    @admin.display(description=_("state"), ordering="state")
    def state_text(self, contact: FirstContact) -> str:
        """Where it stands."""
        return contact.state_label

    @admin.display(description=_("handed to"))
    def receiver_text(self, contact: FirstContact) -> str:
        """Where it lies."""
        return contact.receiver or "—"

    def get_urls(self) -> list[URLPattern]:
        """Own pages before Django's."""
        view, name = self.admin_site.admin_view, "intake_firstcontact"
        reveal = require_POST(self.reveal_view)
        own = [
            path("new/", view(self.new_view), name=f"{name}_new"),
            path("<int:pk>/do/<slug:verb>/", view(self.do_view), name=f"{name}_do"),
            path("<int:pk>/reveal/", view(reveal), name=f"{name}_reveal"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The contact: how it stands, what can be done, what happened."""
        contact = self.get_object(request, object_id)
        shown = self.facts(request, contact) if contact else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def facts(
        self, request: HttpRequest, contact: FirstContact, revealed: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """What the page of a contact shows."""
        actor = actor_of(request)
        shows = actor.has_perm("intake.reveal_applicant") and bool(contact.side_of(actor))
        return {
            "contact": contact,
            "offers": contact_offers(contact, actor),
            "events": FirstContactEvent.objects.for_subject(contact.pk),
            "revealed": revealed,
            "may_reveal": shows and not contact.is_erased and bool(contact.masked_person),
            "reveal_form": RevealForm(),
        }

    def new_view(self, request: HttpRequest) -> HttpResponse:
        """What is wanted, by whom, and where it belongs, on one page."""
        actor = actor_of(request)
        if not actor.has_perm("intake.record_first_contact"):
            raise PermissionDenied
        if request.method != "POST":
            wanted = request.GET.get("wanted", "").replace("\0", "")[:100]
            return self._new_page(request, NewContactForm(initial={"wanted": wanted}))
        form = NewContactForm(request.POST)
        if not form.is_valid():
            return self._new_page(request, form, 422)
        try:
            contact = record_first_contact(actor=actor, **form.arguments())
        except DomainError as fault:
            take_refusal(form, fault)
            return self._new_page(request, form, fault.status)
        text = _("Recorded as %(number)s.") % {"number": contact.number}
        messages.success(request, text)
        return redirect("admin:intake_firstcontact_change", contact.pk)

    def _new_page(self, request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("record first contact"),
            "form": form,
            "button": _("record"),
            "back": reverse("admin:window"),
        }
        template = "admin/intake/firstcontact/form.html"
        return TemplateResponse(request, template, context, status=status)

    def _find(self, request: HttpRequest, pk: int) -> FirstContact:
        contact = self.get_queryset(request).filter(pk=pk).first()
        if contact is None or not self.has_view_permission(request, contact):
            raise Http404
        return contact

    def do_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One step: says beforehand what it will do, and afterwards what it did."""
        contact = self._find(request, pk)
        if verb not in VERBS:
            raise Http404
        move = FIRST_CONTACT_FLOW.by_name(verb)
        if request.method != "POST":
            return self._do_page(request, contact, move, form_for(move))
        form = form_for(move, request.POST)
        if not form.is_valid():
            return self._do_page(request, contact, move, form, 422)
        try:
            VERBS[verb](contact_id=contact.pk, actor=actor_of(request), **form.arguments())
        except DomainError as fault:
            take_refusal(form, fault)
            return self._do_page(request, contact, move, form, fault.status)
        messages.success(request, _("done: %(verb)s") % {"verb": move.label})
        return redirect(self._next_address(request, contact))

    def _next_address(self, request: HttpRequest, contact: FirstContact) -> str:
        """Its page, or the list if it has left this person's sight."""
        if self.get_queryset(request).filter(pk=contact.pk).exists():
            return reverse("admin:intake_firstcontact_change", args=(contact.pk,))
        return reverse("admin:intake_firstcontact_changelist")

    def _do_page(
        self, request: HttpRequest, contact: FirstContact, move: Any, form: Any, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": move.label,
            "contact": contact,
            "form": form,
            "button": move.label,
            "back": reverse("admin:intake_firstcontact_change", args=(contact.pk,)),
        }
        template = "admin/intake/firstcontact/form.html"
        return TemplateResponse(request, template, context, status=status)

    def reveal_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Name and telephone unmasked once, with the reason on record."""
        contact, form = self._find(request, pk), RevealForm(request.POST)
        page = reverse("admin:intake_firstcontact_change", args=(contact.pk,))
        if not form.is_valid():
            messages.error(request, _("say why the personal data are needed"))
            return redirect(page)
        reason = form.cleaned_data["reason"]
        try:
            shown = reveal_contact(contact_id=contact.pk, actor=actor_of(request), reason=reason)
        except DomainError as fault:
            messages.error(request, fault.message)
            return redirect(page)
        facts = self.facts(request, contact, shown)
        context = {**self.admin_site.each_context(request), "title": contact.number, **facts}
        return TemplateResponse(request, self.change_form_template, context)
