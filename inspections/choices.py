"""Kinds, states and outcomes of inspection and rectification."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from organisations.choices import Role


class SubjectType(TextChoices):
    """What is inspected."""

    CANTEEN = "canteen", _("school canteen")
    CATERING_UNIT = "catering_unit", _("collective catering unit")
    CATERER = "caterer", _("food business")
    WORKSITE = "worksite", _("building site")
    STREET_SECTION = "street_section", _("street section")
    OTHER = "other", _("other place")


class RiskGrade(TextChoices):
    """Risk grades A to D (总局令49号 第21条)."""

    A = "A", _("grade A")
    B = "B", _("grade B")
    C = "C", _("grade C")
    D = "D", _("grade D")


class CampaignKind(TextChoices):
    """Why the subjects are inspected."""

    SPECIAL = "special", _("special inspection")
    RANDOM = "random", _("random inspection")
    ROUTINE = "routine", _("routine inspection")
    PATROL = "patrol", _("patrol")


class VisitKind(TextChoices):
    """Why a visit is made."""

    FIRST = "first", _("first inspection")
    RECHECK = "recheck", _("re-inspection")
    COMPLAINT = "complaint", _("after a complaint")
    PATROL = "patrol", _("patrol visit")


class VisitState(TextChoices):
    """Where a visit stands."""

    DRAFT = "draft", _("being filled in")
    SUBMITTED = "submitted", _("submitted inspection")
    APPROVED = "approved", _("approved inspection")
    VOID = "void", _("void inspection record")


class VisitOutcome(TextChoices):
    """What a visit found; the stage decides which of these exist."""

    NONE = "", _("no result yet")
    COMPLIANT = "compliant", _("compliant")
    FIXED_ON_SITE = "fixed_on_site", _("corrected on the spot")
    ORDERED = "ordered", _("order to rectify")
    CORRECTED = "corrected", _("all corrected")
    PARTLY = "partly", _("partly corrected")
    NOT_CORRECTED = "not_corrected", _("not corrected")


class AnswerResult(TextChoices):
    """The result of one checklist item; nothing is compliant until somebody says so."""

    UNCHECKED = "unchecked", _("not checked yet")
    PASS = "pass", _("passes")
    FAIL = "fail", _("fails")
    NOT_APPLICABLE = "not_applicable", _("not applicable")


class ProblemState(TextChoices):
    """Where a problem stands."""

    OPEN = "open", _("open problem")
    CORRECTED = "corrected", _("problem corrected")
    NOT_CORRECTED = "not_corrected", _("still not corrected")
    WITHDRAWN = "withdrawn", _("withdrawn problem")


class OrderState(TextChoices):
    """Where an order stands; overdue is a question of dates, never a state."""

    ISSUED = "issued", _("to be corrected")
    PARTLY = "partly", _("partly corrected, open")
    UNCORRECTED = "uncorrected", _("not corrected, open")
    CORRECTED = "corrected", _("closed: all corrected")
    REVOKED = "revoked", _("revoked order")


class ItemResult(TextChoices):
    """The result of one order item at a re-inspection."""

    PENDING = "pending", _("not re-inspected yet")
    CORRECTED = "corrected", _("item corrected")
    PARTLY = "partly", _("item partly corrected")
    NOT_CORRECTED = "not_corrected", _("item not corrected")


class DeliveryWay(TextChoices):
    """How an order reached the party (民事诉讼法 送达 kinds used on the spot)."""

    DIRECT = "direct", _("handed over and signed")
    LEFT = "left", _("left behind with a witness")
    POSTED = "posted", _("sent by post")


class FollowUpState(TextChoices):
    """Whether a re-inspection is still owed."""

    PENDING = "pending", _("re-inspection due")
    DONE = "done", _("re-inspection done")
    CANCELLED = "cancelled", _("no longer needed")


class BatchResult(TextChoices):
    """What the laboratory or the quick test said."""

    PENDING = "pending", _("result pending")
    PASS = "pass", _("conforms")
    FAIL = "fail", _("does not conform")


class PositionSource(TextChoices):
    """Where a position comes from; none is never filled in afterwards."""

    NONE = "none", _("no position")
    EXIF = "exif", _("from the photo")
    DEVICE = "device", _("from the device")


FIELD_ROLES = (Role.INSPECTOR, Role.PATROLLER)
SHOWN = (
    "view_campaign",
    "view_subject",
    "view_visit",
    "view_problem",
    "view_order",
    "view_checklistversion",
    "view_programmeprofile",
    "view_interview",
    "view_samplingbatch",
)
# Seeing is for all who inspect or supervise; each deed for its role.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.INSPECTOR: (*SHOWN, "conduct_visit"),
    Role.PATROLLER: (*SHOWN, "conduct_visit"),
    Role.HEAD: (*SHOWN, "approve_visit", "manage_campaign"),
    Role.SUPERVISOR: SHOWN,
    Role.ADMINISTRATOR: (
        *SHOWN,
        "manage_campaign",
        "add_programmeprofile",
        "change_programmeprofile",
    ),
}
