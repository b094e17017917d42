"""Units of limits, states of a clock, who owes it, and the rungs of its ladder."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """In what a limit is counted."""

    WORKDAY = "workday", _("working day")
    CALENDAR_DAY = "calendar_day", _("calendar day")
    HOUR = "hour", _("hour")
    MONTH = "month", _("month")
    SAME_DAY = "same_day", _("the same day")
    NAMED_DATE = "named_date", _("a day named in a served paper")


class ClockState(TextChoices):
    """How a clock stands."""

    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("ended by law")


OPEN_STATES = (ClockState.RUNNING, ClockState.PAUSED)


class Debtor(TextChoices):
    """Who owes the act. Only a unit is ever given a card."""

    UNIT = "unit", _("unit")
    APPLICANT = "applicant", _("applicant")
    PARTY = "party", _("inspected party")
    THIRD = "third", _("third party")


class StageKey(TextChoices):
    """The rungs, in the order in which they are climbed."""

    REMIND = "remind", _("reminder")
    WARN = "warn", _("early warning")
    YELLOW = "yellow", _("yellow card")
    RED_UNANSWERED = "red_unanswered", _("red card: yellow card unanswered")
    WARN_STATUTE = "warn_statute", _("early warning of the statutory limit")
    RED_STATUTE = "red_statute", _("red card: statutory limit passed")
    ESCALATE = "escalate", _("escalation")
    OVERRUN = "overrun", _("pause longer than told")
    EXPIRED = "expired", _("limit passed")
    EFFECT = "effect", _("effect of the law")


RED_STAGES = (StageKey.RED_STATUTE, StageKey.RED_UNANSWERED)
CARD_STAGES = (StageKey.YELLOW, *RED_STAGES)


class Light(TextChoices):
    """The worst rung climbed, as a list and a dashboard show it."""

    GREEN = "green", _("in time")
    AMBER = "amber", _("warned")
    YELLOW = "yellow", _("yellow card")
    RED = "red", _("red card")


class Tone(TextChoices):
    """How the remaining time looks; the word beside it never lacks."""

    OK = "ok", _("in time")
    WARN = "warn", _("ends soon")
    YELLOW = "yellow", _("promise passed")
    RED = "red", _("limit passed")
    PAUSED = "paused", _("paused")
    DONE = "done", _("finished")


class Verb(TextChoices):
    """What an event of a clock says happened."""

    START = "start", _("clock started")
    PAUSE = "pause", _("clock paused")
    RETELL = "retell", _("end of the pause told anew")
    RESUME = "resume", _("clock resumed")
    EXTEND = "extend", _("limit extended")
    FINISH = "finish", _("clock finished")
    CANCEL = "cancel", _("clock cancelled")
    EFFECT = "effect", _("the law took effect")
    REOPEN = "reopen", _("clock taken up again")
    REASSIGN = "reassign", _("handed to another desk")
    STAGE = "stage", _("stage reached")
    ANSWER = "answer", _("card answered")
    RECOUNT = "recount", _("counted anew on another calendar")


class Effect(TextChoices):
    """What the law attaches to a limit that passes; the values are the words of the rules' data."""

    DEEMED_ACCEPTED = "deemed_accepted", _("deemed accepted")
    DEEMED_WITHDRAWN = "deemed_withdrawn", _("deemed withdrawn")
    DEEMED_RENEWED = "deemed_renewed", _("deemed renewed")
    DEEMED_CONSENT = "deemed_consent", _("deemed to consent")
    RIGHT_WAIVED = "right_waived", _("deemed to waive the right")
    MEDIATION_ENDED = "mediation_ended", _("mediation ended")


class LateReceipt(TextChoices):
    """What a rule says about a receipt after closing time or on a rest day."""

    AS_RECEIVED = "", _("counts from its day")
    NEXT_WORKDAY = "next_workday", _("counts from the next working day")


class DayStatus(TextChoices):
    """How far a calendar day may be trusted."""

    OFFICIAL = "official", _("by notice of the State Council")
    PROVISIONAL = "provisional", _("provisional")
    CLOSURE = "closure", _("closed by decision")


class Direction(TextChoices):
    """Whether a limit is counted onwards from its start or back from an event."""

    FORWARD = "forward", _("onwards")
    BACKWARD = "backward", _("backwards")


class RuleKind(TextChoices):
    """What a rule measures."""

    LIMIT = "limit", _("time limit")
    INTERVAL = "interval", _("interval")
    RETENTION = "retention", _("retention period")


class Ground(TextChoices):
    """Grounds on which a clock may stop; the values are the words of the rules' data."""

    HEARING = "听证", _("hearing")
    TENDER = "招标", _("tender")
    AUCTION = "拍卖", _("auction")
    INSPECTION = "检验", _("technical inspection")
    TESTING = "检测", _("testing")
    QUARANTINE = "检疫", _("quarantine")
    APPRAISAL = "鉴定", _("appraisal")
    EXPERT_REVIEW = "专家评审", _("expert review")
    SITE_SURVEY = "现场勘验", _("site survey")
    TECHNICAL_REVIEW = "技术审查", _("technical review")


# 安阳市政务服务条例第37条 adds these two to the eight of 行政许可法第45条; they stop no legal limit.
PROMISE_ONLY_GROUNDS = frozenset({Ground.SITE_SURVEY, Ground.TECHNICAL_REVIEW})
