"""Addresses under /api/v1/deadlines/."""

from rest_framework.routers import SimpleRouter

from deadlines.api.views import ClockViewSet

router = SimpleRouter()
router.register("clocks", ClockViewSet, basename="clock")

urlpatterns = router.urls
