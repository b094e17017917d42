"""Kinds of regions, units, points, roles and users."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegionLevel(TextChoices):
    """Levels of the 12-digit region code (county 6 + street 3 + community 3)."""

    DISTRICT = "district", _("district")
    STREET = "street", _("street or town")
    COMMUNITY = "community", _("community or village")


class UnitKind(TextChoices):
    """What a unit is."""

    DEPARTMENT = "department", _("department")
    STREET = "street", _("street office")
    COMMUNITY = "community", _("community")
    HALL = "hall", _("service administration")
    SUPERVISION = "supervision", _("supervision office")
    PROVINCIAL = "provincial", _("higher authority")


class PointKind(TextChoices):
    """What a service point is."""

    HALL = "hall", _("district service hall")
    STREET_CENTRE = "street_centre", _("street service centre")
    COMMUNITY_STATION = "community_station", _("community service station")


class Role(TextChoices):
    """What a post's holder does."""

    CLERK = "clerk", _("window clerk")
    REVIEWER = "reviewer", _("reviewer")
    HEAD = "head", _("head of unit")
    INSPECTOR = "inspector", _("inspector")
    PATROLLER = "patroller", _("patroller")
    SUPERVISOR = "supervisor", _("supervisor")
    ADMINISTRATOR = "administrator", _("administrator")
    CLIENT = "client", _("API client")


class UserKind(TextChoices):
    """Who a user is: a person, another system, or the house itself."""

    STAFF = "staff", _("staff")
    CLIENT = "client", _("API client")
    SYSTEM = "system", _("system")
