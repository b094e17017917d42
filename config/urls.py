"""Every address of the house."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

API_APPS = [
    "organisations",
    "notifications",
    "documents",
    "deadlines",
    "catalogue",
    "intake",
    "approvals",
    "inspections",
    "supervision",
]


def _exists(module: str) -> bool:  # BUILDING
    path_ = settings.BASE_DIR.joinpath(*module.split("."))
    return path_.with_suffix(".py").exists() or (path_ / "__init__.py").exists()


def _app(route: str, module: str) -> list[URLPattern | URLResolver]:  # BUILDING
    return (
        [path(route, include(module))]
        if _exists(module) and _exists(f"{module.split('.')[0]}.models")
        else []
    )


def _own() -> list[URLPattern | URLResolver]:  # BUILDING
    if not _exists("deadlines.models"):
        return []
    from config.views import DocsView, HealthView

    return [
        path("healthz/", HealthView.as_view(), name="healthz"),
        path("api/docs/", DocsView.as_view(url_name="schema"), name="api-docs"),
    ]


urlpatterns = [
    *_own(),
    path("i18n/", include("django.conf.urls.i18n")),
    path("favicon.ico", RedirectView.as_view(url="/static/common/favicon.svg")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    *[entry for app in API_APPS for entry in _app(f"api/v1/{app}/", f"{app}.api.urls")],
    path("admin/", admin.site.urls),
    *_app("progress/", "intake.urls"),
    *_app("", "documents.urls"),
    *_app("inspections/", "inspections.urls"),
    *_app("supervision/", "supervision.urls"),
    *_app("", "catalogue.urls"),
]
