"""Facts the clocks state, inside the transaction that makes them true."""

from django.dispatch import Signal

clock_started = Signal()  # clock, actor
clock_finished = Signal()  # clock, actor
stage_fired = Signal()  # clock, fire (deadlines.StageFire)
clocks_recounted = Signal()  # edition, actor, moves (list of deadlines.rules.notices.Moved)
