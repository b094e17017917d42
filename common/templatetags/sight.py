"""What a page may show of a thing, for whoever reads it."""

from django import template
from django.contrib import admin
from django.contrib.admin.helpers import AdminReadonlyField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import strip_tags

register = template.Library()


@register.simple_tag(takes_context=True)
def value_shown(context: Context, field: AdminReadonlyField) -> str:
    """A read-only value; what it names is a link only for a reader who may open that page."""
    shown = field.contents()
    named = _named_model(field)
    if named is None or _may_open(context["request"], named):
        return shown
    return strip_tags(shown)


def _named_model(field: AdminReadonlyField) -> type[Model] | None:
    name = field.field["field"]
    try:
        found = field.form.instance._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found.related_model if isinstance(found, Field) and found.is_relation else None


def _may_open(request: HttpRequest, model: type[Model]) -> bool:
    return admin.site.is_registered(model) and admin.site.get_model_admin(
        model
    ).has_view_permission(request)
