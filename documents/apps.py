"""Files, official numbers and papers."""

from django.apps import AppConfig
from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from common.site import PageLink, register_admin_urls, register_page


class DocumentsConfig(AppConfig):
    """What is handed in, what is issued, and under which number."""

    name = "documents"
    verbose_name = _("papers and files")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Whoever works on cases reads their papers and files; administrators the numbers.

        Those who inspect see a whole district, but none of its applicants.
        """
        from common.search import register_scan
        from documents.admin import number_report
        from documents.parts import papers_scanned
        from organisations.choices import Role
        from organisations.registry import grant

        readers = set(Role) - {Role.CLIENT, Role.INSPECTOR, Role.PATROLLER}
        for role in readers:
            kinds = ("paper", "print", "attachment")
            grant(role, *(f"documents.view_{kind}" for kind in kinds))
        register_admin_urls(
            path("numbers/", admin.site.admin_view(number_report), name="number_report")
        )
        numbers = "documents.view_numberseries"
        register_page(
            PageLink("admin:number_report", _("report of number series"), numbers, order=85)
        )
        grant(Role.ADMINISTRATOR, "documents.view_numberseries", "documents.view_issuednumber")
        register_scan("papers", papers_scanned)
