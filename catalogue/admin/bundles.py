"""Bundles for staff: a list, a page, and one form to write them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from catalogue.admin.imports import actor_of
from catalogue.models import Bundle, BundleEvent
from catalogue.rules.bundles import BundleCard, PartLine, parts_in, parts_out
from catalogue.services import offer_bundle, rest_bundle, write_bundle
from catalogue.services.bundles import DRAFT, PUBLISH
from common.admin import CaseworkAdmin
from common.errors import DomainError, InvalidInput
from common.querysets import key_of
from organisations.models import Unit

VERBS: dict[str, Callable[..., Bundle]] = {"offer": offer_bundle, "rest": rest_bundle}


class BundleForm(forms.Form):
    """A bundle as its writer types it."""

    code = forms.CharField(label=_("bundle code"), max_length=64)
    name = forms.CharField(label=_("bundle name"), max_length=200)
    lead = forms.ModelChoiceField(
        label=_("lead department"), queryset=Unit.objects.none(), to_field_name="code"
    )
    about = forms.CharField(
        label=_("whom it is for"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    parts = forms.CharField(
        label=_("items"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "one item code a line; after a bar the step, as in BG-CL-001|2: items of one step"
            " go side by side, those of a later step are granted after those before it"
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, units: Any, former: BundleCard | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["lead"]
        chosen.queryset = units
        if former is not None:
            self.initial = {**former.told(), "parts": parts_out(former.parts)}
            self.fields["code"].disabled = True
        self.fields["seen"].initial = repr(former)

    def clean_parts(self) -> tuple[PartLine, ...]:
        """Items with their steps.

        Raises:
            ValidationError: they make no bundle.
        """
        try:
            return parts_in(self.cleaned_data["parts"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault

    def card(self) -> BundleCard:
        """What was typed."""
        given = self.cleaned_data
        return BundleCard(
            code=given["code"],
            name=given["name"],
            lead=given["lead"].code,
            about=given["about"].replace("\r\n", "\n"),
            parts=given["parts"],
        )

    def take_refusal(self, fault: DomainError) -> None:
        """What the service refused stands at its field, else at the top."""
        fields = dict(fault.fields) if isinstance(fault, InvalidInput) else {}
        for name, texts in fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)
        if not fields:
            self.add_error(None, fault.message)


@admin.register(Bundle)
class BundleAdmin(CaseworkAdmin):
    """Bundles as whoever keeps the catalogue sees them."""

    change_list_template = "admin/catalogue/bundle/change_list.html"
    list_display = ("name", "code", "lead", "offered_label")
    list_filter = ("offered",)
    list_select_related = ("lead",)
    search_fields = ("name",)
    search_help_text = _("name, pinyin initials, the beginning of the code, or an item's name")
    ordering = ("code",)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """The bundle's own search."""
        return queryset.search(search_term), False

    @admin.display(description=_("offered"), ordering="offered")
    def offered_label(self, bundle: Bundle) -> str:
        """Whether it is offered, in words."""
        return str(_("yes")) if bundle.offered else str(_("not offered"))

    def get_urls(self) -> list[URLPattern]:
        """The form and the two verbs beside Django's own pages."""
        wrap = self.admin_site.admin_view
        return [
            path("write/", wrap(self.write_view), name="catalogue_bundle_write"),
            path("<int:pk>/write/", wrap(self.write_view), name="catalogue_bundle_rewrite"),
            path("<int:pk>/do/<slug:verb>/", wrap(self.verb_view), name="catalogue_bundle_verb"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What it is made of, whether it is offered, what happened."""
        bundle = self._bundle(request, object_id)
        context = {
            "title": bundle.name,
            "bundle": bundle,
            "may_write": request.user.has_perm(DRAFT),
            "may_offer": request.user.has_perm(PUBLISH),
            "events": BundleEvent.objects.visible_to(request.user).for_subject(bundle.pk),
        }
        return self._page(request, "page.html", context)

    def write_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """A new bundle, or another wording of one."""
        if not request.user.has_perm(DRAFT):
            raise PermissionDenied
        bundle = self._bundle(request, str(pk)) if pk else None
        former = bundle.card() if bundle else None
        posted = request.POST if request.method == "POST" else None
        units = Unit.objects.visible_to(request.user).order_by("name")
        form = BundleForm(posted, units=units, former=former)
        if posted is not None and form.is_valid():
            stored = _stored(request, form, former)
            if stored is not None:
                return _to_bundle(stored)
        title = bundle.name if bundle else _("new bundle")
        context = {"title": title, "bundle": bundle, "form": form}
        return self._page(request, "write.html", context, status=200 if posted is None else 422)

    def verb_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """It is offered, or rests; only a posted form does it."""
        bundle = self._bundle(request, str(pk))
        if verb not in VERBS:
            raise Http404
        if request.method == "POST":
            try:
                VERBS[verb](actor=actor_of(request), bundle_id=bundle.pk)
            except InvalidInput as fault:
                texts = [text for found in fault.fields.values() for text in found]
                messages.error(request, "；".join(texts or [str(fault.message)]))
            except DomainError as fault:
                messages.error(request, fault.message)
        return _to_bundle(bundle)

    def _bundle(self, request: HttpRequest, key: str) -> Bundle:
        rows = Bundle.objects.visible_to(request.user).with_items()
        found = rows.filter(pk=key_of(key)).first()
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def _page(
        self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/catalogue/bundle/{name}"
        return TemplateResponse(request, template, {**frame, **context}, status=status)


def _stored(request: HttpRequest, form: BundleForm, former: BundleCard | None) -> Bundle | None:
    card = form.card()
    if former is None and Bundle.objects.filter(code=card.code).exists():
        form.add_error("code", _("another bundle has this code"))
        return None
    if form.cleaned_data["seen"] != repr(former):
        form.add_error(None, _("a colleague changed this bundle since you opened it"))
        return None
    try:
        bundle = write_bundle(actor=actor_of(request), card=card, seen=former)
    except DomainError as fault:
        form.take_refusal(fault)
        return None
    messages.success(request, _("the bundle is stored"))
    return bundle


def _to_bundle(bundle: Bundle) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:catalogue_bundle_change", args=(bundle.pk,)))
