"""Drafts are written here: a new item, or the next version of one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from catalogue.admin.editor import Editor
from catalogue.admin.imports import actor_of
from catalogue.models import Item
from catalogue.rules.cards import ItemCard
from catalogue.services import create_item, draft_again, draft_version
from catalogue.services.cards import newest_version
from catalogue.services.imports import digest_of
from catalogue.services.items import DRAFT
from common.errors import DomainError, InvalidInput, StaleObject
from organisations.models import Unit


class EditingPages:
    """The pages of the item screen on which drafts are written."""

    admin_site: Any
    opts: Any

    def editing_urls(self) -> list[URLPattern]:
        """A new item, the draft of one, and an old version as a draft again."""
        wrap = self.admin_site.admin_view
        return [
            path("write/", wrap(self.write_new), name="catalogue_item_write"),
            path("<int:pk>/write/", wrap(self.write), name="catalogue_item_redraft"),
            path("<int:pk>/again/<int:version_id>/", wrap(self.again), name="catalogue_item_again"),
        ]

    def write_new(self, request: HttpRequest) -> HttpResponse:
        """An item that is not in the catalogue yet."""
        return self._write(request, None)

    def write(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft of the item, or its next version."""
        return self._write(request, self._item(request, pk))  # type: ignore[attr-defined]

    def again(self, request: HttpRequest, pk: int, version_id: int) -> HttpResponse:
        """What an older version said becomes a draft; only a posted form does it."""
        item = self._item(request, pk)  # type: ignore[attr-defined]
        if request.method == "POST":
            try:
                version = draft_again(actor=actor_of(request), version_id=version_id)
            except DomainError as fault:
                messages.error(request, fault.message)
            else:
                messages.success(
                    request, _("draft v%(number)s is written") % {"number": version.number}
                )
        return _to_item(item)

    def _write(self, request: HttpRequest, item: Item | None) -> HttpResponse:
        if not request.user.has_perm(DRAFT):
            raise PermissionDenied
        card = newest_version(item).card() if item else ItemCard()
        seen = digest_of(card) if item else ""
        data = request.POST if request.method == "POST" else None
        editor = Editor(card, units=_units(request), seen=seen, data=data)
        if data is not None and editor.is_valid():
            stored = self._stored(request, editor, item, seen)
            if stored is not None:
                return _to_item(stored)
        context = {
            **self.admin_site.each_context(request),
            "title": item.name if item else _("new item"),
            "opts": self.opts,
            "item": item,
            "editor": editor,
        }
        status = 200 if data is None else 422
        return TemplateResponse(request, "admin/catalogue/item/write.html", context, status=status)

    def _stored(
        self, request: HttpRequest, editor: Editor, item: Item | None, seen: str
    ) -> Item | None:
        try:
            card = editor.card()
            if item is not None and editor.form.cleaned_data["seen"] != seen:
                raise StaleObject
            stored = _store(request, card, item)
        except InvalidInput as fault:
            editor.take_refusal(dict(fault.fields), fault.message)
            return None
        except DomainError as fault:
            editor.take_refusal({}, fault.message)
            return None
        messages.success(request, _("the draft is stored"))
        return stored


def _units(request: HttpRequest) -> Any:
    return Unit.objects.visible_to(request.user).order_by("name")


def _store(request: HttpRequest, card: ItemCard, item: Item | None) -> Item:
    actor = actor_of(request)
    given: dict[str, Any] = {
        "card": card,
        "department": Unit.objects.get(code=card.department),
        "parent": _parent(card),
    }
    if item is None:
        return create_item(actor=actor, **given)
    return draft_version(actor=actor, item_id=item.pk, **given).item


def _parent(card: ItemCard) -> Item | None:
    if not card.parent_code:
        return None
    parent = Item.objects.filter(code=card.parent_code, parent=None).first()
    if parent is None:
        fault = _("the main item “%(code)s” is not in the catalogue") % {"code": card.parent_code}
        raise InvalidInput(fault, fields={"parent_code": [fault]})
    return parent


def _to_item(item: Item) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:catalogue_item_change", args=(item.pk,)))
