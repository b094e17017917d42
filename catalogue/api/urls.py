"""/api/v1/catalogue/."""

from rest_framework.routers import SimpleRouter

from catalogue.api.views import ItemViewSet

router = SimpleRouter()
router.register("items", ItemViewSet, basename="item")

urlpatterns = router.urls
