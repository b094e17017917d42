"""Files, official numbers and papers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """What is handed in, what is issued, and under which number."""

    name = "documents"
    verbose_name = _("papers and files")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Whoever works on cases reads their papers and files; administrators the numbers.

        Those who inspect see a whole district, but none of its applicants.
        """
        from organisations.choices import Role
        from organisations.registry import grant

        readers = set(Role) - {Role.CLIENT, Role.INSPECTOR, Role.PATROLLER}
        for role in readers:
            kinds = ("paper", "print", "attachment")
            grant(role, *(f"documents.view_{kind}" for kind in kinds))
        grant(Role.ADMINISTRATOR, "documents.view_numberseries", "documents.view_issuednumber")
