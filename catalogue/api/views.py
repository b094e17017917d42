"""Items, read only."""

from django.db.models import QuerySet
from rest_framework import generics, permissions, viewsets

from catalogue.api.filters import ItemFilter
from catalogue.api.serializers import (
    BundleDetailSerializer,
    BundleSerializer,
    ItemDetailSerializer,
    ItemSerializer,
)
from catalogue.models import Bundle, Item


class ItemViewSet(viewsets.ReadOnlyModelViewSet[Item]):
    """Items in force, with their guides."""

    queryset = Item.objects.none()
    filterset_class = ItemFilter
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[Item]:
        """Live items the client may see; everything of the guide for one of them."""
        rows = Item.objects.visible_to(self.request.user).live()
        return rows.for_guide() if self.action == "retrieve" else rows.for_list()

    def get_serializer_class(self) -> type[ItemSerializer]:
        """The guide for one item, a row for many."""
        return ItemDetailSerializer if self.action == "retrieve" else ItemSerializer


class BundleViewSet(viewsets.ReadOnlyModelViewSet[Bundle]):
    """Bundles that are offered (一件事)."""

    queryset = Bundle.objects.none()
    lookup_field = "code"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[Bundle]:
        """Offered ones; with their materials for one of them."""
        rows = Bundle.objects.visible_to(self.request.user).filter(offered=True)
        return rows.with_materials() if self.action == "retrieve" else rows.with_items()

    def get_serializer_class(self) -> type[BundleSerializer]:
        """The whole for one bundle, a row for many."""
        return BundleDetailSerializer if self.action == "retrieve" else BundleSerializer


class PublicGuideView(generics.RetrieveAPIView[Item]):
    """The guide of one item in force, for anyone; no account needed."""

    authentication_classes = ()
    permission_classes = (permissions.AllowAny,)
    serializer_class = ItemDetailSerializer
    queryset = Item.objects.none()
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Item]:
        """What is in force is public."""
        return Item.objects.live().for_guide()
