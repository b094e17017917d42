"""Files a citizen sends after, one a material."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.forms.progress import ProgressForm
from intake.models import Case
from intake.services.supplements import open_materials


class SupplementForm(ProgressForm):
    """The receipt once more, the case, and a file for each material that is open."""

    case = forms.CharField(max_length=50, widget=forms.HiddenInput)

    def uploads(self, case: Case, files: Any) -> dict[str, Any]:
        """Uploads by the name of the material, as the page numbers them."""
        rows = enumerate(open_materials(case))
        return {row.name: files[f"f{place}"] for place, row in rows if f"f{place}" in files}


SENT = _("The files have arrived. The window checks them next.")
