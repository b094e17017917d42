"""Help for applicants as the helper works on it."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from common.admin import CaseworkAdmin
from common.errors import DomainError
from intake.admin.pages import actor_of
from intake.forms.first_contacts import take_refusal
from intake.forms.helping import BeginHelpForm, HelpStepForm
from intake.models import Application, Case, Helping, HelpingEvent
from intake.services.helping import HELP_VERBS, begin_helping, help_offers
from intake.transitions import HELP_FLOW

FORM = "admin/intake/helping/form.html"


class MineFilter(admin.SimpleListFilter):
    """What I help with, as long as it is under way."""

    title = _("helper")
    parameter_name = "side"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice: mine."""
        return [("mine", _("helped by me"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The help this person gives."""
        return queryset.given_by(request.user) if self.value() == "mine" else queryset


@admin.register(Helping)
class HelpingAdmin(CaseworkAdmin):
    """List, page and steps of help."""

    list_display = ("number", "applicant_name", "items", "helper", "kind", "state", "begun_at")
    list_display_links = ("number", "items")
    list_filter = (MineFilter, "state", "kind")
    search_fields = ("application__number",)
    search_help_text = _("receipt number")
    change_form_template = "admin/intake/helping/page.html"

    @admin.display(description=_("receipt number"), ordering="application__number")
    def number(self, helping: Helping) -> str:
        """The application's number."""
        return str(helping.application.number)

    @admin.display(description=_("applicant"))
    def applicant_name(self, helping: Helping) -> str:
        """For whom, masked."""
        return str(helping.application.applicant.masked_name)

    @admin.display(description=_("items"))
    def items(self, helping: Helping) -> str:
        """What for."""
        names = [case.item.name for case in helping.application.cases.all()]
        return str(_(", ")).join(names)

    def get_urls(self) -> list[URLPattern]:
        """Own pages before Django's."""
        view, name = self.admin_site.admin_view, "intake_helping"
        own = [
            path("begin/<int:pk>/", view(self.begin_view), name=f"{name}_begin"),
            path("<int:pk>/do/<slug:verb>/", view(self.do_view), name=f"{name}_do"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Who helps whom with what, what can be done, what happened."""
        helping = self.get_object(request, object_id)
        shown: dict[str, Any] = {}
        if helping is not None:
            cases = Case.objects.visible_to(request.user).for_list()
            shown = {
                "helping": helping,
                "cases": cases.filter(application=helping.application_id).order_by("pk"),
                "offers": help_offers(helping, actor_of(request)),
                "events": HelpingEvent.objects.for_subject(helping.pk),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def begin_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Somebody is named for the application with this key."""
        rows = Application.objects.visible_to(request.user).for_list()
        application, actor = rows.filter(pk=pk).first(), actor_of(request)
        if application is None or not actor.has_perm("intake.help_applicant"):
            raise Http404
        data = [request.POST] if request.method == "POST" else []
        form = BeginHelpForm(*data, point=application.point)
        back = reverse("admin:intake_application_change", args=(pk,))
        page = {"title": _("name a helper"), "form": form, "back": back, "about": application}

        def act() -> Helping:
            return begin_helping(application_id=pk, actor=actor, **form.arguments())

        return self._answer(request, page, act)

    def do_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One step: says beforehand what it will do, and afterwards what it did."""
        helping = self.get_queryset(request).filter(pk=pk).first()
        seen = helping is not None and self.has_view_permission(request, helping)
        if helping is None or not seen or verb not in HELP_VERBS:
            raise Http404
        move, actor = HELP_FLOW.by_name(verb), actor_of(request)
        form = HelpStepForm(
            *([request.POST] if request.method == "POST" else []),
            point=helping.application.point,
            passes_on=verb == "pass_help",
            required=move.note_required,
        )
        back = reverse("admin:intake_helping_change", args=(pk,))
        page = {"title": move.label, "form": form, "back": back, "about": helping}

        def act() -> Helping:
            return HELP_VERBS[verb](helping_id=pk, actor=actor, **form.arguments())

        return self._answer(request, page, act)

    def _answer(self, request: HttpRequest, page: dict[str, Any], act: Any) -> HttpResponse:
        """The form, until what was typed can be done."""
        form, status = page["form"], 200 if request.method != "POST" else 422
        if request.method == "POST" and form.is_valid():
            try:
                done = act()
            except DomainError as fault:
                take_refusal(form, fault)
                status = fault.status
            else:
                messages.success(request, _("done: %(verb)s") % {"verb": page["title"]})
                return redirect("admin:intake_helping_change", done.pk)
        context = {**self.admin_site.each_context(request), **page, "button": page["title"]}
        return TemplateResponse(request, FORM, context, status=status)
