"""Addresses of papers, files and the public check."""

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("papers/<uuid:uuid>/", views.paper, name="paper"),
    path("papers/<uuid:uuid>/print/", views.print_out, name="print"),
    path("files/<uuid:uuid>/", views.attachment, name="attachment"),
    path("check/", views.check, name="check"),
    path("check/<uuid:uuid>/<str:code>/", views.check_scanned, name="check_scanned"),
]
