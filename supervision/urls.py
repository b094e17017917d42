"""Addresses of the dashboards."""

from django.urls import path

from supervision import views

app_name = "supervision"

urlpatterns = [
    path("", views.DashboardView.as_view(), name="dashboard"),
    path("clocks/", views.ClockListView.as_view(), name="clocks"),
    path("cards/waiting/", views.WaitingView.as_view(), name="waiting"),
    path("mine/", views.MyCardsView.as_view(), name="mine"),
    path("cards/", views.CardListView.as_view(), name="cards"),
]
