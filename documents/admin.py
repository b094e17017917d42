"""Papers, files and numbers as staff find them: read, never typed over."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common.admin import CaseworkAdmin, ReadOnlyInline
from documents.forms import YearForm
from documents.models import Attachment, IssuedNumber, NumberSeries, Paper, Print
from documents.services import series_report


class PrintInline(ReadOnlyInline):
    """Who printed the paper when."""

    model = Print
    fields = ("place", "printed_at", "printed_by")
    readonly_fields = fields


@admin.register(Paper)
class PaperAdmin(CaseworkAdmin):
    """Papers issued."""

    list_display = ("number", "title", "organ", "issued_at", "issued_by", "void_text", "open_paper")
    list_filter = ("title",)
    search_fields = ("number",)
    search_help_text = _("number of the paper")
    date_hierarchy = "issued_at"
    fields = (
        ("number", "title"),
        ("organ", "department", "region_code"),
        ("issued_at", "issued_by"),
        "void_text",
        "check_code",
        "sha256",
        ("template", "template_version"),
        ("open_paper", "print_button"),
    )
    readonly_fields = ("void_text", "open_paper", "print_button")
    inlines = (PrintInline,)

    @admin.display(description=_("void number"))
    def void_text(self, paper: Paper) -> str:
        """The reason why its number is void; empty where it counts."""
        return paper.void.void_reason if paper.void else ""

    @admin.display(description=_("PDF"))
    def open_paper(self, paper: Paper) -> SafeString:
        """A link to the PDF."""
        url = reverse("documents:paper", args=(paper.pk,))
        return format_html('<a href="{}">{}</a>', url, _("open PDF"))

    @admin.display(description=_("print"))
    def print_button(self, paper: Paper) -> SafeString:
        """A button that prints; the page's own form carries it."""
        return format_html(
            '<button class="btn" type="submit" formmethod="post" formtarget="_blank"'
            ' formaction="{}">{}</button>',
            reverse("documents:print", args=(paper.pk,)),
            _("print, marked from the second time on"),
        )


@admin.register(Attachment)
class AttachmentAdmin(CaseworkAdmin):
    """Files handed in."""

    list_display = ("shown_name", "content_type", "size", "uploaded_at", "uploaded_by", "open_file")
    list_filter = ("content_type",)
    search_fields = ("name",)
    search_help_text = _("file name")
    date_hierarchy = "uploaded_at"
    fields = (
        ("shown_name", "content_type", "size"),
        ("department", "region_code"),
        ("uploaded_at", "uploaded_by"),
        "sha256",
        "open_file",
    )
    readonly_fields = ("shown_name", "open_file")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """By a part of the name."""
        term = search_term.strip()
        return (queryset.find(term) if term else queryset), False

    @admin.display(description=_("file name"), ordering="name")
    def shown_name(self, attachment: Attachment) -> str:
        """Its name, unless it was erased."""
        return attachment.shown_name

    @admin.display(description=_("content"))
    def open_file(self, attachment: Attachment) -> SafeString:
        """A link that shows the content."""
        url = reverse("documents:attachment", args=(attachment.pk,)) + "?view=1"
        return format_html('<a href="{}">{}</a>', url, _("open file"))


@require_GET
def number_report(request: HttpRequest) -> HttpResponse:
    """Every series of numbers with what is void and what is missing."""
    if not request.user.has_perm("documents.view_numberseries"):
        raise PermissionDenied
    user: Any = request.user
    form = YearForm(request.GET, years=NumberSeries.objects.visible_to(user).years())
    year = form.cleaned_data["year"] if form.is_valid() else None
    lines = series_report(user=user, year=year) if form.is_valid() else []
    context = {
        **admin.site.each_context(request),
        "title": _("report of number series"),
        "form": form,
        "lines": lines,
        "broken": [line for line in lines if line.gaps],
    }
    return TemplateResponse(request, "documents/number_report.html", context)


@admin.register(NumberSeries)
class NumberSeriesAdmin(CaseworkAdmin):
    """Counters of official numbers."""

    list_display = ("key", "organ_code", "year", "next")
    list_filter = ("key", "year")
    search_fields = ("key", "organ_code")


@admin.register(IssuedNumber)
class IssuedNumberAdmin(CaseworkAdmin):
    """Numbers drawn, void ones with their reason."""

    list_display = ("series", "number", "issued_at", "issued_by", "void_reason")
    list_filter = (("voided_at", admin.EmptyFieldListFilter),)
    search_fields = ("series__key", "series__organ_code", "number")
    date_hierarchy = "issued_at"
