"""Addresses of the calculator."""

from django.urls import path

from deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("", views.calculator, name="calculator"),
    path("clocks/<int:pk>/", views.clock, name="clock"),
]
