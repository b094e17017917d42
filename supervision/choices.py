"""Colours, sources and states of a card; lamps of the dashboard."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from deadlines.choices import Debtor


class CardColour(TextChoices):
    """How grave a card is."""

    YELLOW = "yellow", _("yellow card")
    RED = "red", _("red card")


class CardSource(TextChoices):
    """What a card was written for."""

    STAGE = "stage", _("time limit passed")
    VIOLATION = "violation", _("recorded violation")


class CardState(TextChoices):
    """How a card stands; it is never deleted."""

    WRITTEN = "written", _("card written")
    ACKNOWLEDGED = "acknowledged", _("card acknowledged")
    ANSWERED = "answered", _("card answered by the unit")
    APPEALED = "appealed", _("card under appeal")
    UPHELD = "upheld", _("card upheld")
    REVOKED = "revoked", _("card revoked")


class Lamp(TextChoices):
    """The lights of the dashboard, worst first; an open clock burns exactly one."""

    RED = "red", _("red card")
    YELLOW = "yellow", _("yellow card")
    AMBER = "amber", _("early warning")
    PAUSED = "paused", _("paused")
    GREEN = "green", _("in time")


class When(TextChoices):
    """Spans of time a row may fall into."""

    LATE = "late", _("overdue")
    TODAY = "today", _("due today")
    WEEK = "week", _("due this week")
    STATUTE = "statute", _("past the statutory limit")


class Other(TextChoices):
    """Who owes something that no unit is judged by."""

    PARTY = Debtor.PARTY.value, _("parties: rectification")
    APPLICANT = Debtor.APPLICANT.value, _("applicants: materials")
    THIRD = Debtor.THIRD.value, _("third parties: answers")


class Happened(TextChoices):
    """What the trend counts, week by week."""

    STARTED = "started", _("accepted")
    FINISHED = "closed", _("closed")
    LATE = "overdue", _("newly overdue")
