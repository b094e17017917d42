"""Public pages: start page, guides, lists."""

from django.urls import path

from catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("guides/<str:code>/", views.GuideView.as_view(), name="guide"),
    path("guides/<str:code>/poster-<slug:size>.pdf", views.poster_view, name="poster"),
    path("bundles/<str:code>/", views.BundleView.as_view(), name="bundle"),
    path("lists/<slug:kind>/", views.ListView.as_view(), name="list"),
]
