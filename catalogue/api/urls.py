"""/api/v1/catalogue/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from catalogue.api.views import BundleViewSet, ItemViewSet, PublicGuideView

router = SimpleRouter()
router.register("items", ItemViewSet, basename="item")
router.register("bundles", BundleViewSet, basename="bundle")

urlpatterns = [
    path("guides/<str:code>/", PublicGuideView.as_view(), name="public-guide"),
    *router.urls,
]
