"""Addresses of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from intake.api.views import ApplicationViewSet, CaseViewSet, FileView, ProgressView, SupplementView

router = SimpleRouter()
router.register("applications", ApplicationViewSet, basename="intake-application")
router.register("cases", CaseViewSet, basename="intake-case")

urlpatterns = [
    path("files/", FileView.as_view(), name="intake-file"),
    path("progress/", ProgressView.as_view(), name="intake-progress"),
    path("progress/supplements/", SupplementView.as_view(), name="intake-supplement"),
    *router.urls,
]
