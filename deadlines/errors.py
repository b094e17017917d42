"""What the clocks refuse, in the words of whoever asked."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput


class InvalidLimit(InvalidInput):
    """A limit that cannot be counted."""

    code = "invalid_limit"
    default_message = _("this time limit cannot be counted")


class DateOutsideCalendar(InvalidInput):
    """A count that leaves the years the calendar spans."""

    code = "date_outside_calendar"
    default_message = _("the calendar spans the years 2010 to 2050 only")


class CalendarFaulty(InvalidInput):
    """Calendar data that contradict themselves."""

    code = "calendar_faulty"
    default_message = _("the calendar file contradicts itself")


class NothingChanges(DomainError):
    """The calendar in force already says what was handed in."""

    code = "nothing_changes"
    default_message = _("the calendar already says this; nothing was changed")


class ClosureRefused(InvalidInput):
    """A closure that cannot be recorded or taken back."""

    code = "closure_refused"
    default_message = _("this closure cannot be recorded")


class NoCalendar(DomainError):
    """No calendar has been loaded yet."""

    code = "no_calendar"
    default_message = _("no calendar of working days has been loaded; run migrate")


class PromiseOverStatute(InvalidInput):
    """The promised limit ends after the statutory one."""

    code = "promise_over_statute"
    default_message = _("the promised limit must not be longer than the statutory one")


class StartInFuture(InvalidInput):
    """A clock cannot start later than now."""

    code = "start_in_future"
    default_message = _("a time limit cannot start in the future")


class ActInFuture(InvalidInput):
    """Nothing happens to a clock later than now."""

    code = "act_in_future"
    default_message = _("an act cannot be recorded for the future")


class ClockClosed(DomainError):
    """The clock is finished or cancelled."""

    code = "clock_closed"
    default_message = _("this time limit is no longer running")


class EffectDue(ClockClosed):
    """The limit ended before the act, and the law has taken effect."""

    code = "effect_due"
    default_message = _("this time limit has ended, and the law took effect at its end")


class NotPaused(DomainError):
    """There is no open pause to end."""

    code = "not_paused"
    default_message = _("this time limit is not paused")


class PauseRefused(InvalidInput):
    """A pause that the rules do not allow."""

    code = "pause_refused"
    default_message = _("this pause is not possible")


class ExtensionRefused(DomainError):
    """An extension that the rules do not allow."""

    code = "extension_refused"
    default_message = _("this limit cannot be extended")


class NothingToAnswer(DomainError):
    """No card of this kind stands unanswered."""

    code = "nothing_to_answer"
    default_message = _("there is no unanswered card of this kind")
