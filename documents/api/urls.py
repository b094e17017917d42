"""Addresses under /api/v1/papers/."""

from django.urls import path

from documents.api.views import CheckView

urlpatterns = [path("check/", CheckView.as_view(), name="paper-check")]
