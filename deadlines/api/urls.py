"""Addresses under /api/v1/deadlines/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from deadlines.api.notices import NoticePreviewView, NoticeView
from deadlines.api.preview import PreviewView
from deadlines.api.views import ClockViewSet

router = SimpleRouter()
router.register("clocks", ClockViewSet, basename="clock")

urlpatterns = [
    path("preview/", PreviewView.as_view(), name="deadline-preview"),
    path("notices/preview/", NoticePreviewView.as_view(), name="notice-preview"),
    path("notices/", NoticeView.as_view(), name="notice"),
    *router.urls,
]
