"""Addresses under /api/v1/supervision/."""

from rest_framework.routers import SimpleRouter

from supervision.api.views import CardViewSet

router = SimpleRouter()
router.register("cards", CardViewSet, basename="card")

urlpatterns = router.urls
