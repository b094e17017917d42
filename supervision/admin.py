"""Cards as their holders and supervisors work on them."""

from collections import defaultdict
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from common.admin import CaseworkAdmin
from common.errors import DomainError
from deadlines.registry import links_for
from supervision.forms import NoteForm
from supervision.models import Card, CardEvent, CardFile
from supervision.services import VERBS, WITH_FILES, notice_of, offers_for
from supervision.transitions import CARD_FLOW

EVENT_NAMES = {
    "write": _("card written"),
    "escalate": _("escalated to the leader in charge"),
    **{move.name: move.label for move in CARD_FLOW.transitions},
}


@admin.register(Card)
class CardAdmin(CaseworkAdmin):
    """List, page and verbs of cards."""

    list_display = ("number", "matter", "chip", "unit", "person", "state", "written_at")
    list_filter = ("colour", "state", "source")
    search_fields = ("number", "subject_number__startswith", "subject_label")
    search_help_text = _("matter or number")
    date_hierarchy = "written_at"
    change_form_template = "admin/supervision/card/page.html"

    @admin.display(description=_("matter"), ordering="subject_label")
    def matter(self, card: Card) -> str:
        """What the card is about."""
        return f"{card.subject_label} {card.subject_number}".strip()

    @admin.display(description=_("colour"), ordering="colour")
    def chip(self, card: Card) -> str:
        """The colour as a word in its shape."""
        return format_html(
            '<span class="chip chip--{}">{}</span>', card.colour, card.get_colour_display()
        )

    def get_urls(self) -> list[URLPattern]:
        """The verbs' pages before Django's own."""
        do = self.admin_site.admin_view(self.do_view)
        notice = self.admin_site.admin_view(require_POST(self.notice_view))
        own = [
            path("<int:pk>/do/<slug:verb>/", do, name="supervision_card_do"),
            path("<int:pk>/notice/", notice, name="supervision_card_notice"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The card: how it stands, what can be done, what happened."""
        card = self.get_object(request, object_id)
        shown = self.card_context(request, card) if card else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def card_context(self, request: HttpRequest, card: Card) -> dict[str, Any]:
        """What the page of a card shows."""
        events, came = CardEvent.objects.for_subject(card.pk), defaultdict(list)
        for file in CardFile.objects.filter(card=card).for_list():
            came[file.event_id].append(file.attachment)
        link = links_for([card.clock]).get(card.clock.pk) if card.clock else None
        return {
            "card": card,
            "offers": offers_for(card, request.user),
            "link": link,
            "events": [
                (EVENT_NAMES.get(event.verb, event.verb), event, came[event.pk]) for event in events
            ][::-1],
        }

    def do_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One verb: says beforehand what it will do, and afterwards what it did."""
        card = self.get_queryset(request).filter(pk=pk).first()
        if card is None or verb not in VERBS or not self.has_view_permission(request, card):
            raise Http404
        move = CARD_FLOW.by_name(verb)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = NoteForm(*sent, required=move.note_required, with_files=verb in WITH_FILES)
        if sent and form.is_valid() and self._done(request, card, verb, form):
            return redirect("admin:supervision_card_change", card.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": move.label,
            "card": card,
            "move": move,
            "form": form,
            "back": reverse("admin:supervision_card_change", args=(card.pk,)),
        }
        return TemplateResponse(request, "admin/supervision/card/do.html", context)

    def notice_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The card's paper, printed at the first wish."""
        card = self.get_queryset(request).filter(pk=pk).first()
        if card is None or not card.number or not self.has_view_permission(request, card):
            raise Http404
        actor: Any = request.user
        paper = notice_of(card_id=card.pk, actor=actor)
        return redirect("documents:paper", paper.pk)

    def _done(self, request: HttpRequest, card: Card, verb: str, form: NoteForm) -> bool:
        try:
            VERBS[verb](card_id=card.pk, actor=request.user, **form.cleaned_data)
        except DomainError as refusal:
            for field, faults in getattr(refusal, "fields", {}).items():
                form.add_error(field, faults)
            messages.error(request, refusal.message)
            return False
        messages.success(request, _("done: %(verb)s") % {"verb": CARD_FLOW.by_name(verb).label})
        return True
