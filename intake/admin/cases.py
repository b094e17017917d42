"""The list of cases, and the way to one case's page."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common import time
from common.admin import CaseworkAdmin
from common.flow import Transition
from common.querysets import key_of
from deadlines.parts import clock_chip
from intake.admin import erasing, many, pages, serving
from intake.admin.filters import DeskFilter, DueFilter
from intake.forms.many import moves_for_many
from intake.models import Case

WEEKDAYS = "一二三四五六日"


def _asking(move: Transition) -> Callable[..., HttpResponse]:
    def ask(screen: "CaseAdmin", request: HttpRequest, cases: Any) -> HttpResponse:
        return many.ask(request, move, many.chosen_rows(request, cases))

    return ask


@admin.register(Case)
class CaseAdmin(CaseworkAdmin):
    """Cases as a clerk, a reviewer and a supervisor look through them."""

    list_display = (
        "item_name",
        "time_left",
        "state_text",
        "applicant_name",
        "department_name",
        "received_on",
        "number",
    )
    list_display_links = ("item_name",)
    list_filter = (DeskFilter, DueFilter, "state")
    search_fields = ("number",)
    search_help_text = _("case or receipt number, full name of the applicant, or pinyin initials")

    @admin.display(description=_("item"), ordering="item__name")
    def item_name(self, case: Case) -> str:
        """What was applied for."""
        return str(case.item.name)

    @admin.display(description=_("time left"), ordering="clock__due_at")
    def time_left(self, case: Case) -> str:
        """The remaining-time chip."""
        return clock_chip(case.clock) if case.clock else ""

    @admin.display(description=_("state"), ordering="state")
    def state_text(self, case: Case) -> str:
        """Where it stands, and on whose desk if it was sent back."""
        return case.state_label

    @admin.display(description=_("applicant"))
    def applicant_name(self, case: Case) -> str:
        """The applicant, masked."""
        return str(case.application.applicant.masked_name)

    @admin.display(description=_("department"), ordering="department__name")
    def department_name(self, case: Case) -> str:
        """Who decides."""
        return str(case.department)

    @admin.display(description=_("day of receipt"), ordering="received_at")
    def received_on(self, case: Case) -> str:
        """11-24 周二."""
        day = time.local_date(case.received_at)
        return f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """A desk is ordered by what is due first, the register by what came last."""
        if request.GET.get("desk") in {"mine", "review"} or request.GET.get("due"):
            return ("clock__due_at", "pk")
        return ("-received_at", "-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """By number, receipt, exact name or initials; names are sealed, so no part of a name."""
        term = search_term.strip()
        return (queryset.find(term) if term else queryset), False

    def get_urls(self) -> list[URLPattern]:
        """Verbs, files and unmasking beside Django's own."""
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:verb>/", wrap(pages.do_verb), name="intake_case_do"),
            path("<int:pk>/files/<uuid:file_id>/", wrap(pages.open_file), name="intake_case_file"),
            path("<int:pk>/reveal/", wrap(pages.reveal), name="intake_case_reveal"),
            path("<int:pk>/serve/<int:notice_id>/", wrap(serving.serve), name="intake_case_serve"),
            path("<int:pk>/erase/", wrap(erasing.erase), name="intake_case_erase"),
        ]
        return [*own, *many.many_urls(), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Moves that ask for nothing but a note, as far as the user's posts allow them."""
        moves = moves_for_many(pages.actor_of(request))
        return {move.name: (_asking(move), move.name, str(move.label)) for move in moves}

    def action_checkbox(self, obj: Case) -> SafeString:
        """The tick of a row, with what the row showed when it was ticked."""
        name, value = many.seen_field(obj)
        tick = super().action_checkbox(obj)
        return format_html('{}<input type="hidden" name="{}" value="{}">', tick, name, value)

    def response_action(
        self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """The page that asks; keys that can be none are left out before the database sees them."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        data = request.POST.copy()
        data.setlist(ACTION_CHECKBOX_NAME, [key for key in ticked if key_of(key)])
        request.POST = data  # type: ignore[assignment] # Django itself reads no more than this
        return super().response_action(request, queryset, *args, **kwargs)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The case on one page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return pages.case_page(request, key_of(object_id))
