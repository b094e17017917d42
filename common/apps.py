"""The floor everything stands on."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    """Plumbing: flow, events, sealing, time, jobs, admin and API bases."""

    name = "common"
    verbose_name = _("plumbing")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Checks are known and triggers are put back after every migrate."""
        from common import checks, receivers  # noqa: F401

        post_migrate.connect(receivers.put_triggers_back, dispatch_uid="common.put_triggers_back")


class CommonAdminConfig(admin_apps.AdminConfig):
    """Django's admin on our site."""

    default = False
    default_site = "common.site.DistrictAdminSite"
