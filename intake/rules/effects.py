"""What an effect of the law is called, and which day it bears."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from common.time import local_date
from deadlines.choices import Effect

TICK = timedelta(microseconds=1)


def effect_day(effect: str, moment: datetime) -> date:
    """The day an effect bears: that of the receipt for acceptance, else the last of the limit.

    Acceptance dates from the day the material was received (行政许可法 32, 安阳条例 36); the
    others come when the limit ends, at 24:00 of its last day.
    """
    if effect == Effect.DEEMED_ACCEPTED:
        return local_date(moment)
    return local_date(moment - TICK)


def day_words(day: date) -> str:
    """2026-11-24 as papers and pages write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def effect_words(effect: str, moment: datetime) -> str:
    """What the law did, in one sentence for clerk and applicant alike."""
    sentences = {
        Effect.DEEMED_ACCEPTED: _("deemed accepted by law on %(day)s"),
        Effect.DEEMED_WITHDRAWN: _("deemed withdrawn by law: the limit ended on %(day)s"),
        Effect.DEEMED_RENEWED: _(
            "deemed renewed by law: undecided when the limit ended on %(day)s"
        ),
    }
    return sentences[Effect(effect)] % {"day": day_words(effect_day(effect, moment))}
