"""The calendar of working days, where it comes from, and the two acts that change it."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import CaseworkAdmin
from common.errors import DomainError, InvalidInput
from common.jobs import nudge
from deadlines.admin.calendars_forms import ClosureForm, NoticeForm, RevokeForm
from deadlines.models import CalendarDay, CalendarNotice, CalendarVersion, Closure
from deadlines.resources import read_notice
from deadlines.services import (
    current_edition,
    load_notice,
    preview_closure,
    preview_notice,
    record_closure,
    revoke_closure,
)
from deadlines.services.loading import Loaded
from deadlines.tasks import count_anew
from organisations.models import User

PAGE = "admin/deadlines/calendar_change.html"


def _actor(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _said(form: Any, fault: DomainError) -> None:
    """What the service refuses stands at the field it is about."""
    fields = fault.fields if isinstance(fault, InvalidInput) else {}
    for name, lines in fields.items():
        for line in lines:
            form.add_error(name if name in form.fields else None, line)
    if not fields:
        form.add_error(None, fault.message)


def _announced(request: HttpRequest, loaded: Loaded) -> HttpResponse:
    """The open time limits are counted anew by a worker; the page of the job shows how far."""
    nudge(count_anew)
    text = _("edition %(code)s counts from now on; open time limits are being counted anew")
    messages.success(request, text % {"code": loaded.edition.code})
    job = reverse("admin:common_job_change", args=(loaded.job.pk,))
    mine = request.user.has_perm("common.view_job")
    listed = reverse("admin:deadlines_calendarversion_changelist")
    return HttpResponseRedirect(job if mine else listed)


class ChangePages:
    """A form, what it would change, and the change itself, on one address."""

    admin_site: Any
    opts: Any

    def page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """The page with what is at hand."""
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, PAGE, {**frame, **context})


@admin.register(CalendarVersion)
class CalendarVersionAdmin(CaseworkAdmin):
    """Editions; the newest counts for new time limits."""

    list_display = ("code", "number", "official_from", "official_until", "loaded_at")
    fields = ("code", "number", "official_from", "official_until", "source", "sha256", "loaded_at")


@admin.register(CalendarDay)
class CalendarDayAdmin(CaseworkAdmin):
    """Days that are not what their weekday says."""

    list_display = ("day", "label", "is_workday", "status", "notice", "version")
    list_filter = ("is_workday", "status", "version")
    list_select_related = ("version",)
    date_hierarchy = "day"
    ordering = ("day",)


@admin.register(CalendarNotice)
class CalendarNoticeAdmin(ChangePages, CaseworkAdmin):
    """Notices of the State Council; adding one is loading it, after a look at its effect."""

    list_display = ("year", "title", "shipped", "loaded_by", "loaded_at")
    list_select_related = ("loaded_by",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may load a notice."""
        return request.user.has_perm("deadlines.add_calendarnotice")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Choose a file, see which days change, say yes."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        title = _("Load a holiday notice")
        if "notice" in request.POST:
            return self._confirmed(request, title)
        form = NoticeForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                notice = read_notice(form.cleaned_data["file"].read())
                return self._shown(request, notice, title)
            except DomainError as fault:
                _said(form, fault)
        return self.page(request, title=title, form=form, upload=True)

    def _shown(self, request: HttpRequest, notice: Any, title: str) -> HttpResponse:
        kept = {"notice": json.dumps(notice, ensure_ascii=False), "edition": current_edition().pk}
        return self.page(request, title=title, preview=preview_notice(notice), kept=kept)

    def _confirmed(self, request: HttpRequest, title: str) -> HttpResponse:
        """The notice seen is loaded, unless the calendar is another one by now."""
        try:
            notice = json.loads(request.POST["notice"])
            if request.POST.get("edition") != current_edition().pk:
                messages.warning(request, _("the calendar has changed meanwhile; look again"))
                return self._shown(request, notice, title)
            return _announced(request, load_notice(actor=_actor(request), notice=notice))
        except DomainError as fault:
            messages.error(request, fault.message)
        except ValueError:
            messages.error(request, str(InvalidInput.default_message))
        return HttpResponseRedirect(request.path)


@admin.register(Closure)
class ClosureAdmin(ChangePages, CaseworkAdmin):
    """Days shut by decision; one is recorded after a look at its effect, and may be taken back."""

    list_display = ("reason", "first_on", "last_on", "region", "legal_basis", "is_standing")
    list_select_related = ("region",)
    change_form_template = "admin/deadlines/closure.html"

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def is_standing(self, closure: Closure) -> bool:
        """Whether it has not been taken back."""
        return closure.revoked_at is None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may close the offices."""
        return request.user.has_perm("deadlines.add_closure")

    def get_urls(self) -> list[URLPattern]:
        """With the page that takes a closure back."""
        wrap = self.admin_site.admin_view
        name = "deadlines_closure_revoke"
        return [path("<int:pk>/revoke/", wrap(self.revoke_view), name=name), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name days, reason and basis, see which limits that moves, say yes."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, title = ClosureForm(request.POST or None), _("Record a closure")
        if request.method == "POST" and form.is_valid():
            try:
                return self._offered(request, form, title)
            except DomainError as fault:
                _said(form, fault)
        return self.page(request, title=title, form=form)

    def _offered(self, request: HttpRequest, form: ClosureForm, title: str) -> HttpResponse:
        given = form.cleaned_data
        if "confirmed" in request.POST:
            return _announced(request, record_closure(actor=_actor(request), **given))
        kept = {name: form[name].value() for name in given} | {"confirmed": "1"}
        return self.page(request, title=title, preview=preview_closure(**given), kept=kept)

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The closure is taken back, with a reason."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        closure = Closure.objects.visible_to(request.user).filter(pk=pk).first()
        if closure is None:
            raise Http404
        form = RevokeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                reason, actor = form.cleaned_data["reason"], _actor(request)
                done = revoke_closure(closure_id=pk, actor=actor, reason=reason)
                return _announced(request, done)
            except DomainError as fault:
                _said(form, fault)
        title = _("Take back: %(closure)s") % {"closure": closure}
        return self.page(request, title=title, form=form)
