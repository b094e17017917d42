"""Dashboards: what is late, about to be late, and whose it is."""

from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from common import time
from common.admin import CappedPaginator
from deadlines.choices import Debtor
from deadlines.models import Clock, SweepRun
from deadlines.registry import links_for
from deadlines.services import calendar_warning
from organisations.models import Region
from organisations.rules import STREET_DIGITS
from supervision import querysets
from supervision.choices import Happened, Lamp, Other, When
from supervision.forms import CardFilter, ClockFilter, MyCardsFilter
from supervision.models import Card
from supervision.querysets import Moment
from supervision.rules import monday_of, recent_weeks

STALE_AFTER: Final = timedelta(minutes=5)
WEEKS: Final = 8
TOPICS: Final = 12
LATEST_CARDS: Final = 8
ROWS: Final = 50
CHIPS: Final = {
    Lamp.RED: "red",
    Lamp.YELLOW: "yellow",
    Lamp.AMBER: "warn",
    Lamp.PAUSED: "paused",
    Lamp.GREEN: "ok",
}


def clocks_url(**asked: Any) -> str:
    """The list of clocks narrowed to what a number counted."""
    kept = {name: str(value) for name, value in asked.items() if value not in {"", None}}
    return reverse("supervision:clocks") + (f"?{urlencode(kept)}" if kept else "")


def owed_url(**asked: Any) -> str:
    """The list of what units owe: the only matters they are judged by."""
    return clocks_url(owed=Debtor.UNIT, **asked)


@method_decorator(never_cache, name="dispatch")
class SupervisorPage(PermissionRequiredMixin, TemplateView):
    """A page for supervisors, heads and administrators; others are told so."""

    permission_required = "supervision.view_dashboard"

    def handle_no_permission(self) -> HttpResponseRedirect:
        """A stranger is sent to the entrance; staff without the permission are refused."""
        if self.request.user.is_authenticated:
            raise PermissionDenied
        return super().handle_no_permission()


def _street_names(codes: list[str]) -> dict[str, str]:
    full = [code.ljust(12, "0") for code in codes]
    names = Region.objects.filter(code__in=full).values_list("code", "name")
    return {code[:STREET_DIGITS]: name for code, name in names}


def _counted(row: dict[str, Any], name: str, **asked: Any) -> dict[str, Any]:
    """A row of a table of the dashboard: a name, and numbers that open their rows."""
    return {
        "name": name,
        "url": owed_url(**asked),
        "cells": [
            (_("overdue"), row["late"], owed_url(when=When.LATE, **asked), "late"),
            (_("early warning"), row["warned"], owed_url(lamp=Lamp.AMBER, **asked), ""),
            (_("due today"), row["today"], owed_url(when=When.TODAY, **asked), ""),
            (_("open"), row["open_"], owed_url(**asked), ""),
        ],
    }


def _streets(clocks: Any, moment: Moment) -> list[dict[str, Any]]:
    rows = list(querysets.by_street(clocks, moment))
    names = _street_names([row["street"] for row in rows])
    return [
        _counted(
            row,
            names.get(row["street"], row["street"]),
            street=row["street"].ljust(12, "0"),
        )
        for row in rows
    ]


def _departments(clocks: Any, moment: Moment) -> list[dict[str, Any]]:
    return [
        _counted(
            row,
            row["department__short_name"] or row["department__name"],
            unit=row["department_id"],
        )
        for row in querysets.by_department(clocks, moment)
    ]


def _topics(clocks: Any, moment: Moment) -> list[dict[str, Any]]:
    return [
        _counted(row, row["name"], kind=row["subject_kind"], topic=row["topic_code"])
        for row in querysets.by_topic(clocks, moment)[:TOPICS]
    ]


def _tables(clocks: Any, moment: Moment) -> dict[str, dict[str, Any]]:
    told = (
        ("street", _("by street"), _("street"), _streets),
        ("department", _("by responsible unit"), _("responsible unit"), _departments),
        ("topic", _("by item"), _("item"), _topics),
    )
    return {
        key: {"heading": heading, "first": first, "rows": rows(clocks, moment)}
        for key, heading, first, rows in told
    }


def _others(clocks: Any, moment: Moment) -> list[dict[str, Any]]:
    """What parties, applicants and third parties owe: no unit is judged by it."""
    found = querysets.by_debtor(clocks, moment)
    return [
        _waited_for(found.get(other, {}), other)
        for other in Other
        if other in found or other != Other.THIRD
    ]


def _waited_for(row: dict[str, int], other: Other) -> dict[str, Any]:
    spans = [
        (span.label, row.get(span, 0), clocks_url(owed=other, when=span), "")
        for span in (When.LATE, When.TODAY, When.WEEK)
    ]
    everything = (_("open"), row.get("open_", 0), clocks_url(owed=other), "")
    return {"name": other.label, "url": clocks_url(owed=other), "cells": [*spans, everything]}


def _week_label(monday: date, today: date) -> str:
    day = f"{monday:%m-%d}"
    return _("%(day)s to date") % {"day": day} if monday == monday_of(today) else day


def _trend(clocks: Any, moment: Moment) -> dict[str, Any]:
    weeks = querysets.trend(clocks, recent_weeks(moment.today, WEEKS), moment)
    rows = [
        {
            "label": _week_label(week["monday"], moment.today),
            "cells": [
                (name, week[what], owed_url(what=what, week=week["monday"]))
                for what, name in Happened.choices
            ],
        }
        for week in weeks
    ]
    chart = {
        "weeks": [_week_label(week["monday"], moment.today) for week in weeks],
        "series": [
            {"key": what, "name": str(name), "values": [week[what] for week in weeks]}
            for what, name in Happened.choices
        ],
    }
    return {"trend_rows": rows, "trend_chart": chart, "trend_names": Happened.labels}


def _bar(lamps: dict[str, int], width: int = 1000) -> list[dict[str, Any]]:
    """Pieces of the bar of lights, worst first, each as wide as its share; zero is no piece."""
    total, left, pieces = sum(lamps.values()) or 1, 0.0, []
    for shown in Lamp:
        share = width * lamps[shown] / total
        pieces.append(
            {
                "lamp": str(shown),
                "chip": CHIPS[shown],
                "label": shown.label,
                "count": lamps[shown],
                "url": owed_url(lamp=shown),
                "x": f"{left:.1f}",
                "width": f"{share:.1f}",
            }
        )
        left += share
    return pieces


def _engine(at: Any) -> dict[str, Any]:
    """How long ago the engine last looked; silence means that no warning comes."""
    last = SweepRun.objects.last_finished()
    if last is None:
        return {"engine_stale": True, "engine_minutes": None}
    age = at - last.finished_at
    return {
        "engine_stale": age > STALE_AFTER,
        "engine_minutes": int(age.total_seconds() // 60),
        "engine_failed": last.failed,
    }


class DashboardView(SupervisorPage):
    """The one number that matters first, then who and where."""

    template_name = "supervision/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every figure of the page, from a constant number of queries."""
        user, moment = self.request.user, Moment.now()
        everything = Clock.objects.visible_to(user)
        seen = everything.owed_by_units()
        clocks = seen.open()
        figures = querysets.figures(clocks, moment)
        cards = Card.objects.visible_to(user)
        return {
            **super().get_context_data(**kwargs),
            **_trend(seen, moment),
            **_engine(moment.at),
            "calendar_warning": calendar_warning(moment.today),
            "title": _("supervision dashboard"),
            "at": moment.at,
            "figures": figures,
            "bar": _bar(figures.lamps),
            "spans": [
                (span.label, getattr(figures, span), owed_url(when=span))
                for span in (When.TODAY, When.WEEK)
            ],
            "late_url": owed_url(when=When.LATE),
            "statute_url": owed_url(when=When.STATUTE),
            "open_url": owed_url(),
            "tables": _tables(clocks, moment),
            "others": _others(everything.open(), moment),
            "cards": cards.standing().for_list().worst_first()[:LATEST_CARDS],
        }


class _Listed(SupervisorPage):
    """A list with filters and pages."""

    def page_of(self, rows: Any) -> Page:
        """The page asked for; a wrong number gives the nearest."""
        return CappedPaginator(rows, ROWS).get_page(self.request.GET.get("page"))

    def kept(self) -> str:
        """The filters, for the links to other pages."""
        asked: QueryDict = self.request.GET.copy()
        asked.pop("page", None)
        return asked.urlencode()


class ClockListView(_Listed):
    """The rows behind every number."""

    template_name = "supervision/clocks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of clocks with links to what they are about."""
        moment = Moment.now()
        form = ClockFilter(self.request.GET)
        seen = Clock.objects.visible_to(self.request.user)
        page = self.page_of(form.narrow(seen, moment).for_list().by_due())
        clocks = list(page)
        links = links_for(clocks)
        streets = _street_names([clock.region_code[:STREET_DIGITS] for clock in clocks])
        return {
            **super().get_context_data(**kwargs),
            "title": _("time limits"),
            "form": form,
            "page": page,
            "kept": self.kept(),
            "rows": [
                {
                    "clock": clock,
                    "link": links.get(clock.pk),
                    "street": streets.get(clock.region_code[:STREET_DIGITS], ""),
                    "owed_by_unit": clock.debtor == Debtor.UNIT,
                    "started_on": time.local_date(clock.started_at),
                }
                for clock in clocks
            ],
        }


class CardListView(_Listed):
    """Cards, those that stand first."""

    template_name = "supervision/cards.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of cards."""
        form = CardFilter(self.request.GET)
        seen = Card.objects.visible_to(self.request.user)
        return {
            **super().get_context_data(**kwargs),
            "title": _("cards"),
            "form": form,
            "tally": seen.tally(),
            "kept": self.kept(),
            "page": self.page_of(form.narrow(seen).for_list()),
        }


class MyCardsView(_Listed):
    """Cards the user answers for: his own and those of the units he acts for."""

    permission_required = "supervision.answer_card"
    template_name = "supervision/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of cards, those that wait for an answer first."""
        user, form = self.request.user, MyCardsFilter(self.request.GET)
        mine = Card.objects.visible_to(user).held_by(user)
        return {
            **super().get_context_data(**kwargs),
            "title": _("my cards"),
            "tally": mine.tally(),
            "all": bool(self.request.GET.get("all")),
            "kept": self.kept(),
            "page": self.page_of(form.narrow(mine).for_list()),
        }


class WaitingView(_Listed):
    """Answers to look at and appeals to decide, the longest waiting first."""

    permission_required = "supervision.uphold_card"
    template_name = "supervision/waiting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of cards with what their holders wrote last."""
        seen = Card.objects.visible_to(self.request.user)
        return {
            **super().get_context_data(**kwargs),
            "title": _("answers and appeals to decide"),
            "kept": self.kept(),
            "page": self.page_of(seen.waiting().with_last_word().for_list()),
        }
