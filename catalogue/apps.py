"""What may be applied for."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Items, their versions, guides, import."""

    name = "catalogue"
    verbose_name = _("catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Roles hold their permissions, the search box finds items, versions stay frozen."""
        from catalogue import receivers
        from catalogue.parts import bundles_scanned, find_items, items_scanned
        from catalogue.services.imports import KIND
        from catalogue.tasks import apply_staged_import
        from common.search import register_scan, register_search
        from common.site import PageLink, register_page
        from common.tending import register_job
        from organisations.choices import Role
        from organisations.registry import grant

        pre_migrate.connect(
            receivers.let_tables_be_remade,
            sender=self,
            dispatch_uid="catalogue.let_tables_be_remade",
        )
        post_migrate.connect(
            receivers.freeze_published_versions,
            sender=self,
            dispatch_uid="catalogue.freeze_published_versions",
        )
        for role in Role:
            grant(
                role, "catalogue.view_item", "catalogue.view_itemversion", "catalogue.view_bundle"
            )
        grant(
            Role.ADMINISTRATOR,
            "catalogue.draft_item",
            "catalogue.publish_item",
            "catalogue.import_items",
        )
        register_job(KIND, apply_staged_import)
        register_search("items", _("items"), find_items)
        register_scan("items", items_scanned)
        register_scan("bundles", bundles_scanned)
        for name, label, order in (("item", _("items"), 60), ("bundle", _("bundles"), 61)):
            address, right = f"admin:catalogue_{name}_changelist", f"catalogue.view_{name}"
            register_page(PageLink(address, label, permission=right, order=order))
