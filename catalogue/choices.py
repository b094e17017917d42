"""Code sets of items, after GB/T 39046 annex A and GB/T 39554."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Kind of administrative act (GB/T 39046 A.1)."""

    LICENCE = "01", _("administrative licence")
    PENALTY = "02", _("administrative penalty")
    COERCION = "03", _("administrative coercion")
    LEVY = "04", _("administrative levy")
    BENEFIT = "05", _("administrative benefit")
    INSPECTION = "06", _("administrative inspection")
    CONFIRMATION = "07", _("administrative confirmation")
    AWARD = "08", _("administrative award")
    RULING = "09", _("administrative ruling")
    OTHER = "10", _("other power")
    PUBLIC_SERVICE = "20", _("public service")


class Nature(TextChoices):
    """What asking for it means: only ``case`` opens cases, the rest are guides and entrances."""

    CASE = "case", _("case item")
    QUERY = "query", _("query item")
    PAYMENT = "payment", _("payment item")
    SERVICE = "service", _("service item")


class Level(TextChoices):
    """Levels of government that accept or decide."""

    DISTRICT = "district", _("district")
    STREET = "street", _("street")
    COMMUNITY = "community", _("community")


class Handout(TextChoices):
    """Where the result is handed out."""

    POINT = "point", _("where it was accepted")
    DECIDER = "decider", _("at the deciding organ")


class CaseType(TextChoices):
    """Decided on the spot, or within a promised limit (GB/T 39046 A.6)."""

    INSTANT = "1", _("decided on the spot")
    PROMISED = "2", _("decided within a promise")


class VersionState(TextChoices):
    """Life of one version of an item."""

    DRAFT = "draft", _("draft")
    REVIEW = "review", _("in review")
    SCHEDULED = "scheduled", _("to be published")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")
    SUSPENDED = "suspended", _("suspended")
    ABOLISHED = "abolished", _("abolished")


UNPUBLISHED = (VersionState.DRAFT, VersionState.REVIEW, VersionState.SCHEDULED)
"""States before the first publication; an item has at most one such version."""


class OrganNature(TextChoices):
    """What gives the implementing organ its power (GB/T 39046 table 4)."""

    STATUTORY = "1", _("statutory organ")
    AUTHORISED = "2", _("authorised organisation")
    ENTRUSTED = "3", _("entrusted organisation")


class HandlingForm(TextChoices):
    """Through which doors it is handled (GB/T 39046, 办理形式)."""

    WINDOW = "1", _("at the window")
    COMPUTER = "2", _("online")
    MOBILE = "3", _("on the phone")
    POST = "4", _("by post")
    OTHER = "9", _("in another form")


class OnlineDepth(TextChoices):
    """How far it can be done online (网上办理深度)."""

    INFORMATION = "1", _("I: information")
    FORMS = "2", _("II: forms to download")
    APPLYING = "3", _("III: applied for online")
    WHOLLY = "4", _("IV: wholly online")


class ServiceScope(TextChoices):
    """How far beyond its own place it is accepted (通办范围)."""

    NATION = "1", _("nationwide")
    PROVINCES = "2", _("across provinces")
    CITIES = "3", _("across cities")
    COUNTIES = "4", _("across counties")


class ResultType(TextChoices):
    """What the result is (审批结果类型)."""

    LICENCE = "10", _("licence or certificate")
    REPLY = "20", _("written reply")
    OTHER = "99", _("another result")


class MaterialForm(TextChoices):
    """On paper, electronic, or either."""

    PAPER = "1", _("paper")
    ELECTRONIC = "2", _("electronic")
    EITHER = "3", _("paper or electronic")


class Necessity(TextChoices):
    """Whether a material must be there at once."""

    REQUIRED = "1", _("necessary")
    OPTIONAL = "2", _("not necessary")
    DEFERRABLE = "3", _("may follow later")


class MaterialKind(TextChoices):
    """Original or copy."""

    ORIGINAL = "1", _("original")
    COPY = "2", _("copy")
    EITHER = "3", _("original or copy")


class MaterialSource(TextChoices):
    """Who makes the material."""

    APPLICANT = "10", _("by the applicant")
    GOVERNMENT = "20", _("issued by a government department")
    OTHER = "99", _("other source")


class ServiceObject(TextChoices):
    """Whom the item serves (GB/T 39046 A.4)."""

    PERSON = "1", _("natural person")
    ENTERPRISE = "2", _("enterprise")
    INSTITUTION = "3", _("public institution")
    SOCIAL = "4", _("social organisation")
    ORGAN = "5", _("administrative organ")
    OTHER = "6", _("other organisation")


class FieldType(TextChoices):
    """Kinds of fields of an item's form."""

    TEXT = "text", _("one line")
    TEXTAREA = "textarea", _("several lines")
    NUMBER = "number", _("a number")
    DATE = "date", _("a date")
    CHOICE = "choice", _("one of several")
    SEVERAL = "several", _("any of several")
    YES_NO = "yes_no", _("yes or no")
    RESIDENT_ID = "resident_id", _("an identity number")
    CREDIT_CODE = "credit_code", _("a credit code")
    PHONE = "phone", _("a telephone number")


class Prefill(TextChoices):
    """What a field of a form takes from the applicant, so that he isn't asked twice."""

    NAME = "name", _("name of the applicant")
    ID_NUMBER = "id_number", _("number of the applicant's identity paper")
    MOBILE = "mobile", _("telephone of the applicant")
    ADDRESS = "address", _("address of the applicant")
    AGENT_NAME = "agent_name", _("name of the agent")
    TODAY = "today", _("today")


class RowFate(TextChoices):
    """What becomes of one row of an import; every row has exactly one."""

    NEW = "new", _("added")
    UPDATED = "updated", _("updated")
    UNCHANGED = "unchanged", _("unchanged")
    REPORTED = "reported", _("not stored")


class Severity(TextChoices):
    """What a finding of the catalogue's check means."""

    ERROR = "error", _("error, stops publishing")
    WARNING = "warning", _("warning")
