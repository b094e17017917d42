"""The organisation: who is where and may do what."""

from django.apps import AppConfig
from django.contrib import admin
from django.db.models.signals import post_migrate
from django.urls import path
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """Regions, units, points, windows, posts, users, tokens."""

    name = "organisations"
    verbose_name = _("organisation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Groups are synced after migrations; administrators keep the organisation."""
        from common.site import register_admin_urls, register_list_part
        from organisations import parts, receivers, views
        from organisations.choices import Role
        from organisations.registry import grant

        post_migrate.connect(receivers.sync_groups, dispatch_uid="organisations.sync_groups")
        kept = ("region", "unit", "servicepoint", "window", "post", "absence", "user")
        verbs = ("view", "add", "change")
        grant(
            Role.ADMINISTRATOR,
            "common.view_job",
            "organisations.view_clienttoken",
            *(f"organisations.{verb}_{name}" for name in kept for verb in verbs),
        )
        grant(Role.HEAD, "organisations.view_absence", "organisations.add_absence")
        register_list_part("organisations/saved_filters.html", parts.saved_filters)
        wrap = admin.site.admin_view
        register_admin_urls(
            path("filters/keep/", wrap(views.keep), name="filter_keep"),
            path("filters/<int:pk>/", wrap(views.open_kept), name="filter_open"),
            path("filters/<int:pk>/drop/", wrap(views.drop), name="filter_drop"),
        )
