"""Items as a list, one item as a page: what it is, how it stands, what can be done, what happened."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from catalogue.admin.editing import EditingPages
from catalogue.admin.health import FindingFilter, articles, compare, health, pair_of
from catalogue.admin.imports import ImportPages, actor_of
from catalogue.choices import UNPUBLISHED, FieldType, VersionState
from catalogue.forms import NoteForm
from catalogue.models import Item, ItemEvent, ItemVersion
from catalogue.rules.form_lines import settings_out
from catalogue.rules.lint import findings
from catalogue.services import (
    abolish_version,
    publish_version,
    resume_version,
    schedule_version,
    send_back_version,
    submit_version,
    suspend_version,
    unschedule_version,
)
from catalogue.services.items import DRAFT
from catalogue.transitions import VERSION_FLOW
from common.admin import CaseworkAdmin
from common.errors import DomainError
from common.flow import Offer
from common.querysets import key_of

VERBS: dict[str, Callable[..., ItemVersion]] = {
    "submit": submit_version,
    "send_back": send_back_version,
    "publish": publish_version,
    "schedule": schedule_version,
    "unschedule": unschedule_version,
    "suspend": suspend_version,
    "resume": resume_version,
    "abolish": abolish_version,
}
OPEN = (*UNPUBLISHED, VersionState.PUBLISHED, VersionState.SUSPENDED)


class LevelFilter(admin.SimpleListFilter):
    """Who accepts it."""

    title = _("accepted by")
    parameter_name = "accepts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three levels."""
        return [("street", _("street")), ("community", _("community")), ("district", _("district"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Item]:
        """Items accepted at the chosen level."""
        return queryset.accepted_at_level(self.value()) if self.value() else queryset


class LifeFilter(admin.SimpleListFilter):
    """In force or not."""

    title = _("in force")
    parameter_name = "life"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Live, a draft waiting, or dead."""
        return [("live", _("in force")), ("draft", _("with a draft")), ("dead", _("not in force"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Item]:
        """Items of the chosen life."""
        if self.value() == "draft":
            return queryset.filter(versions__state__in=UNPUBLISHED)
        if self.value() in ("live", "dead"):
            return queryset.filter(current__isnull=self.value() == "dead")
        return queryset


@admin.register(Item)
class ItemAdmin(ImportPages, EditingPages, CaseworkAdmin):
    """The catalogue as staff see it."""

    change_list_template = "admin/catalogue/item/change_list.html"
    list_display = (
        "name",
        "code",
        "department",
        "kind_label",
        "accepted_by",
        "limits",
        "mobile",
    )
    list_filter = (LifeFilter, LevelFilter, FindingFilter, "nature", "kind", "current__mobile")
    list_select_related = ("department", "current", "parent")
    search_fields = ("name",)
    search_help_text = _("name, pinyin initials, pinyin or the beginning of the code")
    ordering = ("code",)

    def get_search_results(
        self,
        request: HttpRequest,
        queryset: Any,
        search_term: str,
    ) -> tuple[QuerySet[Item], bool]:
        """The catalogue's own search."""
        return queryset.search(search_term), False

    @admin.display(description=_("kind of act"), ordering="kind")
    def kind_label(self, item: Item) -> str:
        """The kind, in words."""
        return item.get_kind_display()

    @admin.display(description=_("accepted by"))
    def accepted_by(self, item: Item) -> str:
        """Levels that accept it."""
        return "、".join(item.current.accept_level_labels) if item.current else ""

    @admin.display(description=_("promised (statutory) limit"), ordering="current__promised_amount")
    def limits(self, item: Item) -> str:
        """The promise, and the limit of the law in brackets."""
        if item.current is None:
            return str(_("not in force"))
        statute = item.current.statutory_text
        return (
            f"{item.current.promised_text}（{statute}）" if statute else item.current.promised_text
        )

    @admin.display(description=_("on the mobile app"), boolean=False)
    def mobile(self, item: Item) -> str:
        """Whether it is on the mobile app."""
        return str(_("yes")) if item.current and item.current.mobile else ""

    def get_urls(self) -> list[URLPattern]:
        """The verbs and the import beside Django's own pages."""
        wrap = self.admin_site.admin_view
        verb = path(
            "<int:pk>/version/<int:version_id>/<slug:verb>/",
            wrap(self.verb_view),
            name="catalogue_item_verb",
        )
        pages = [
            path("health/", wrap(health), name="catalogue_item_health"),
            path("articles/", wrap(articles), name="catalogue_item_articles"),
            path("<int:pk>/compare/", wrap(self.compare_view), name="catalogue_item_compare"),
        ]
        own = [*self.import_urls(), *self.editing_urls(), *pages, verb]
        return [*own, *super().get_urls()]

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two versions side by side, named by their numbers."""
        item = self._item(request, pk)
        asked = (request.GET.get("from", ""), request.GET.get("to", ""))
        return compare(request, item, *pair_of(item, request.user, *asked))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of one item; ``?version=`` shows an older version."""
        item = self._item(request, object_id)
        versions = list(item.versions.visible_to(request.user).with_parts().order_by("-number"))
        shown = _shown(versions, request.GET.get("version", ""))
        offers = _offers(versions, request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": item.name,
            "opts": self.opts,
            "item": item,
            "version": shown,
            "versions": versions,
            "offers": offers,
            "situations": item.situations.visible_to(request.user).order_by("code"),
            "events": ItemEvent.objects.for_subject(item.pk),
            "form_fields": _worded(shown.form_definition) if shown else [],
            "found": list(findings(shown.card())) if shown else [],
            "may_draft": request.user.has_perm(DRAFT),
            "in_hand": any(version.state in (*UNPUBLISHED[1:],) for version in versions),
            "draft_stands": any(version.state == VersionState.DRAFT for version in versions),
        }
        return TemplateResponse(request, "admin/catalogue/item/page.html", context)

    def _item(self, request: HttpRequest, key: str | int) -> Item:
        found = self.get_queryset(request).filter(pk=key_of(str(key))).first()
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def verb_view(
        self,
        request: HttpRequest,
        pk: int,
        version_id: int,
        verb: str,
    ) -> HttpResponse:
        """A page that says what the verb will do, asks for a note, and does it."""
        item = self._item(request, pk)
        version = item.versions.visible_to(request.user).filter(pk=version_id).first()
        if verb not in VERBS or version is None:
            raise Http404
        move = VERSION_FLOW.by_name(verb)
        posted = request.POST if request.method == "POST" else None
        form = _verb_form(verb)(posted, required=move.note_required)
        if form.is_valid():
            return self._act(request, version, verb, form.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "title": move.label,
            "opts": self.opts,
            "item": item,
            "version": version,
            "move": move,
            "form": form,
            "reasons": VERSION_FLOW.refusals(move, version, request.user),
        }
        return TemplateResponse(request, "admin/catalogue/item/verb.html", context)

    def _act(
        self,
        request: HttpRequest,
        version: ItemVersion,
        verb: str,
        given: dict[str, Any],
    ) -> HttpResponse:
        try:
            VERBS[verb](actor=actor_of(request), version_id=version.pk, **given)
        except DomainError as fault:
            messages.error(request, fault.message)
        else:
            label = VERSION_FLOW.by_name(verb).label
            messages.success(
                request,
                _("%(version)s: %(verb)s done") % {"version": version, "verb": label},
            )
        return HttpResponseRedirect(
            reverse("admin:catalogue_item_change", args=(version.item_id,)),
        )


def _worded(definition: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields of a form with their types in the reader's language."""
    words = dict(FieldType.choices)
    return [
        {
            **entry,
            "type": words.get(entry["type"], entry["type"]),
            "settings": settings_out(entry),
        }
        for entry in definition
    ]


class DayForm(NoteForm):
    """On which day, and why."""

    publish_on = forms.DateField(
        label=_("to be published on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _verb_form(verb: str) -> type[NoteForm]:
    return DayForm if verb == "schedule" else NoteForm


def _shown(versions: list[ItemVersion], wanted: str) -> ItemVersion | None:
    """The version asked for, else the one in force, else the newest."""
    asked = [version for version in versions if str(version.number) == wanted]
    in_force = [version for version in versions if version.state == VersionState.PUBLISHED]
    return next(iter([*asked, *in_force, *versions]), None)


def _offers(versions: list[ItemVersion], user: Any) -> list[tuple[ItemVersion, list[Offer]]]:
    offered = (
        (version, [o for o in VERSION_FLOW.available(version, user) if o.transition.name in VERBS])
        for version in versions
        if version.state in OPEN
    )
    return [(version, offers) for version, offers in offered if offers]
