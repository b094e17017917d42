"""Code sets of reviews, extensions, delivery."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """What a reviewer proposes (GB/T 39046 table 7: 通过, 退回, 其他)."""

    PASS = "pass", _("agree")
    FAIL = "fail", _("disagree")
    OTHER = "other", _("neither")


class RequestState(TextChoices):
    """What became of a request for more time."""

    PENDING = "pending", _("waiting for an answer")
    APPROVED = "approved", _("extension approved")
    REFUSED = "refused", _("extension refused")
    LAPSED = "lapsed", _("lapsed with the case")


class DeliveryMethod(TextChoices):
    """How the result reaches the receiver."""

    WINDOW = "window", _("at the window")
    POST = "post", _("by post")
    ELECTRONIC = "electronic", _("electronically")
    HOME = "home", _("brought home")


class TerminationGround(TextChoices):
    """Why a procedure cannot go on."""

    SUBJECT_GONE = "subject_gone", _("the applicant died or ceased to exist")
    OBJECT_GONE = "object_gone", _("what was applied for has become impossible")
    LAW_CHANGED = "law_changed", _("the law has changed")
    OTHER = "other", _("other ground")
