"""The sample district: data files and the commands that build it. No tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SampleConfig(AppConfig):
    """Regions, staff, catalogue, a campaign and cases, all made by walking the services."""

    name = "sample"
    verbose_name = _("sample district")
    default_auto_field = "django.db.models.BigAutoField"
