"""What the house promises somebody whose wish cannot be met at the place he asked (首问负责制).

No law at hand sets these limits, so they are promises: 首问负责 is one of the window's duties
beside 限时办结 and 一次告知; five working days are what 安阳市政务服务条例 50 gives a unit that
was handed a question by the hotline.
"""

from deadlines.choices import Unit
from deadlines.rules import Limit
from intake.choices import FirstContactState

PROMISES = {
    FirstContactState.RECORDED: Limit(0, Unit.SAME_DAY),
    FirstContactState.HANDED_OVER: Limit(1, Unit.WORKDAY),
    FirstContactState.TAKEN: Limit(5, Unit.WORKDAY),
}
KEPT_DAYS = 30  # after the answer, so that somebody who asks again is found


def promise_of(state: str) -> Limit | None:
    """Within what the next step is promised; None once it is answered."""
    return PROMISES.get(FirstContactState(state))
