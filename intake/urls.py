"""Addresses of the citizens' pages."""

from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("progress/", views.progress, name="progress"),
    path("progress/supplement/", views.supplement, name="supplement"),
    path("prefill/", views.prefill, name="prefill"),
]
