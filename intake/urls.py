"""Addresses of the progress page."""

from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("", views.progress, name="progress"),
    path("supplement/", views.supplement, name="supplement"),
]
