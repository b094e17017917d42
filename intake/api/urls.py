"""Addresses of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from intake.api.views import ApplicationViewSet, CaseViewSet, FileView, ProgressView

router = SimpleRouter()
router.register("applications", ApplicationViewSet, basename="intake-application")
router.register("cases", CaseViewSet, basename="intake-case")

urlpatterns = [
    path("files/", FileView.as_view(), name="intake-file"),
    path("progress/", ProgressView.as_view(), name="intake-progress"),
    *router.urls,
]
