"""The organisation as an administrator keeps it."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import CaseworkAdmin, ScopedAdmin
from organisations.models import (
    Absence,
    ClientToken,
    Post,
    Region,
    ServicePoint,
    Unit,
    User,
    Window,
)
from organisations.services import appoint


@admin.register(Region)
class RegionAdmin(CaseworkAdmin):
    """The tree of places."""

    list_display = ("name", "code", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name")


@admin.register(Unit)
class UnitAdmin(ScopedAdmin):
    """Departments and offices."""

    list_display = ("name", "code", "kind", "region", "phone")
    list_filter = ("kind",)
    list_select_related = ("region",)
    search_fields = ("name", "code", "initials")
    autocomplete_fields = ("region", "parent")
    readonly_fields = ("initials",)


class WindowInline(admin.TabularInline):
    """The windows of a point."""

    model = Window
    extra = 0


@admin.register(ServicePoint)
class ServicePointAdmin(ScopedAdmin):
    """Halls, street centres and community stations."""

    list_display = ("name", "kind", "region", "unit", "phone")
    list_filter = ("kind",)
    list_select_related = ("region", "unit")
    search_fields = ("name", "code")
    autocomplete_fields = ("region", "unit")
    inlines = (WindowInline,)


@admin.register(Post)
class PostAdmin(ScopedAdmin):
    """Posts with their A and B holders."""

    list_display = ("title", "unit", "role", "point", "holder_a", "holder_b", "active")
    list_filter = ("role", "active")
    search_fields = (
        "title",
        "unit__name",
        "holder_a__display_name",
        "holder_b__display_name",
    )
    autocomplete_fields = ("unit", "region", "point", "holder_a", "holder_b")
    raw_id_fields = ("window",)

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: Any) -> None:
        """The post is stored and its holders are appointed through the service."""
        holder_a, holder_b = obj.holder_a, obj.holder_b
        if change:
            before = Post.objects.get(pk=obj.pk)
            obj.holder_a, obj.holder_b = before.holder_a, before.holder_b
        else:
            obj.holder_a = obj.holder_b = None
        super().save_model(request, obj, form, change)
        appoint(post=obj, holder_a=holder_a, holder_b=holder_b)


@admin.register(Absence)
class AbsenceAdmin(ScopedAdmin):
    """Who is away when."""

    list_display = ("user", "starts_on", "ends_on", "reason")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    date_hierarchy = "starts_on"


@admin.register(User)
class AccountAdmin(ScopedAdmin, UserAdmin):
    """People, API clients and system users; groups follow from posts."""

    list_display = (
        "display_name",
        "username",
        "kind",
        "unit",
        "is_active",
        "last_login",
    )
    list_filter = ("kind", "is_active")
    list_select_related = ("unit",)
    search_fields = ("username", "display_name")
    autocomplete_fields = ("unit",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "is_staff", "is_superuser", "kind")
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "unit", "phone")}),
        (
            _("account"),
            {"fields": ("kind", "is_active", "is_staff", "last_login", "date_joined")},
        ),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "display_name",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: an account that acted stays in the record; it is made inactive."""
        return False


@admin.register(ClientToken)
class ClientTokenAdmin(CaseworkAdmin):
    """Tokens of API clients: names and dates, never the token."""

    list_display = ("name", "user", "created", "expiry", "revoked_at")
    list_select_related = ("user",)
    fields = ("name", "user", "created", "expiry", "revoked_at")
