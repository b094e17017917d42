"""What a clerk is told of an applicant who has been here before.

What was handed in once is not asked again while it is valid (安阳市政务服务条例 24); the same
matter asked for twice within some weeks is more often a mistake than a wish.
"""

import calendar
from datetime import date

MONTHS_WHERE_UNSAID = 12
TWIN_DAYS = 30


def reusable_until(received_on: date, valid_months: int | None) -> date:
    """The last day on which a material handed in then may be used again.

    ``valid_months`` is what the catalogue says; where it says nothing, a year.
    """
    months = received_on.month - 1 + (valid_months or MONTHS_WHERE_UNSAID)
    year, month = received_on.year + months // 12, months % 12 + 1
    day = min(received_on.day, calendar.monthrange(year, month)[1])
    return date(year, month, day)
