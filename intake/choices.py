"""Code sets of applicants, applications and cases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApplicantKind(TextChoices):
    """Who applies."""

    PERSON = "person", _("natural person")
    ORGANISATION = "organisation", _("organisation")


class IdType(TextChoices):
    """Identity papers (codes as in the national item base)."""

    RESIDENT_ID = "31", _("resident identity card")
    PASSPORT = "33", _("passport")
    HK_MACAO_PASS = "35", _("Hong Kong and Macao travel permit")
    TAIWAN_PASS = "36", _("Taiwan travel permit")
    RESIDENCE_PERMIT = "37", _("residence permit for Hong Kong, Macao and Taiwan residents")
    OTHER_PERSON = "49", _("other personal paper")
    CREDIT_CODE = "51", _("unified social credit code")
    OTHER_ORGANISATION = "79", _("other paper of an organisation")


ORGANISATION_ID_TYPES = frozenset({IdType.CREDIT_CODE, IdType.OTHER_ORGANISATION})


class Channel(TextChoices):
    """Through which door an application came."""

    WINDOW = "window", _("window")
    API = "api", _("online")
    PUBLIC = "public", _("public page")


class CaseState(TextChoices):
    """Where a case stands; the result is stored apart."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RECEIVED = "received", _("received by the window")
    CORRECTING = "correcting", _("awaiting corrections")
    REFUSED_ACCEPTANCE = "refused_acceptance", _("not accepted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted case")
    REVIEWING = "reviewing", _("under review")
    SUSPENDED = "suspended", _("special procedure")
    CLOSED = "closed", _("decided")
    AWAITING_DELIVERY = "awaiting_delivery", _("result ready")
    DELIVERED = "delivered", _("delivered")
    ARCHIVED = "archived", _("archived")
    WITHDRAWN = "withdrawn", _("withdrawn")
    TERMINATED = "terminated", _("terminated")


class CaseResult(TextChoices):
    """How a case ended."""

    NONE = "none", _("none yet")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    TERMINATED = "terminated", _("terminated")
    WITHDRAWN = "withdrawn", _("withdrawn")
    NOT_ACCEPTED = "not_accepted", _("not accepted")
    RETURNED = "returned", _("returned")


class Desk(TextChoices):
    """On whose desk the case lies."""

    WINDOW = "window", _("window")
    DEPARTMENT = "department", _("department")


class Side(TextChoices):
    """Who may make a move: the window that took the case, or the department that decides."""

    WINDOW = "window", _("window")
    DEPARTMENT = "department", _("department")
    EITHER = "either", _("window or department")
    LAW = "law", _("the law itself")


class MaterialStatus(TextChoices):
    """What came of a material that was asked for."""

    MISSING = "missing", _("missing")
    RECEIVED = "received", _("is here")
    WAIVED = "waived", _("not needed here")
    DEFERRED = "deferred", _("follows later")


class ClockPurpose(TextChoices):
    """What a clock of a case measures."""

    ACCEPTANCE = "acceptance", _("acceptance")
    CORRECTION = "correction", _("correction")
    DEFERRAL = "deferral", _("deferred materials")
    HANDLING = "handling", _("handling")
    DELIVERY = "delivery", _("delivery")
    RENEWAL = "renewal", _("renewal")


class NoticeKind(TextChoices):
    """Papers that tell the applicant something about a case."""

    ACCEPTANCE = "acceptance", _("notice of acceptance")
    CORRECTION = "correction", _("one-time notice")
    REFUSAL = "refusal", _("notice of non-acceptance")
    DEFERRAL = "deferral", _("promise of materials to follow")
    PROMISE = "promise", _("promise of fulfilled conditions")


# What the deciding department tells; the window tells the rest.
OF_DEPARTMENT = frozenset({NoticeKind.ACCEPTANCE, NoticeKind.DEFERRAL, NoticeKind.PROMISE})


class ServiceWay(TextChoices):
    """How a notice was served (民事诉讼法 送达)."""

    DIRECT = "direct", _("served in person")
    LEFT = "left", _("left behind before a witness")
    POSTED = "posted", _("served by post")
    ELECTRONIC = "electronic", _("served electronically")
    ENTRUSTED = "entrusted", _("served by another organ")
    FORWARDED = "forwarded", _("forwarded by his unit")
    PUBLIC = "public", _("served by public notice")


class AgentRole(TextChoices):
    """By what right somebody hands in for the applicant (民法典 23, 161, 61)."""

    AUTHORISED = "authorised", _("authorised by the applicant (letter of authority)")
    GUARDIAN = "guardian", _("guardian")
    REPRESENTATIVE = "representative", _("legal representative or person in charge")


class RefusalGround(TextChoices):
    """Why a case is not accepted (行政许可法 32)."""

    NOT_NEEDED = "not_needed", _("no permission is needed for this")
    NOT_COMPETENT = "not_competent", _("another organ is competent")
    NOT_CORRECTED = "not_corrected", _("still incomplete after the one-time notice")


class FirstContactState(TextChoices):
    """Where the wish of somebody who asked at the wrong place stands."""

    RECORDED = "recorded", _("recorded")
    HANDED_OVER = "handed_over", _("handed over")
    TAKEN = "taken", _("taken up")
    ANSWERED = "answered", _("answered")


class ContactSide(TextChoices):
    """Who may make a move: the place that was asked first, or the one it was handed to."""

    GIVER = "giver", _("asked first")
    RECEIVER = "receiver", _("handed to")


class HelpKind(TextChoices):
    """How a member of staff stands by an applicant (安阳条例 15)."""

    HELP = "help", _("help")
    ON_BEHALF = "on_behalf", _("done for the applicant")


class HelpState(TextChoices):
    """Whether somebody still stands by."""

    HELPING = "helping", _("under way")
    ENDED = "ended", _("ended")
