"""Every address of the house."""

from django.conf import settings
from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from config.views import DocsView, HealthView

handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("healthz/", HealthView.as_view(), name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("common/favicon.svg"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", DocsView.as_view(url_name="schema"), name="api-docs"),
    path("api/v1/catalogue/", include("catalogue.api.urls")),
    path("api/v1/deadlines/", include("deadlines.api.urls")),
    path("api/v1/papers/", include("documents.api.urls")),
    path("api/v1/intake/", include("intake.api.urls")),
    path("api/v1/supervision/", include("supervision.api.urls")),
    path("admin/", admin.site.urls),
    # Their addresses begin with progress/ and prefill/.
    path("", include("intake.urls")),
    path("deadlines/", include("deadlines.urls")),
    path("inspections/", include("inspections.urls")),
    path("supervision/", include("supervision.urls")),
    # Their addresses begin with papers/, files/ and check/.
    path("", include("documents.urls")),
    # Home and guides/.
    path("", include("catalogue.urls")),
]
if settings.METRICS:
    urlpatterns.append(path("", include("django_prometheus.urls")))
