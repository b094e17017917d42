"""What a person asks the calculator; judged by the calculator itself."""

from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common import time
from common.errors import DomainError, InvalidInput
from deadlines.choices import Ground, RuleKind, Unit
from deadlines.models import ClockRule
from deadlines.services.calculating import Answer, Calculator, rules_to_choose

PAUSES = 20
SPARE_ROWS = 1


def _input(kind: str, length: int, **attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"type": kind, "maxlength": length, **attrs})


def _text(label: Any, kind: str = "text", help_text: Any = "", **attrs: Any) -> forms.CharField:
    widget = _input(kind, 20, autocomplete="off", **attrs)
    return forms.CharField(
        label=label, required=False, max_length=20, widget=widget, help_text=help_text
    )


def _rule_label(rule: ClockRule) -> str:
    length = "" if rule.amount is None else f"{rule.amount} {rule.get_unit_display()}"
    return " · ".join(text for text in (rule.code, rule.start_event, length) if text)


def rule_choices(day: Any) -> list[tuple[Any, Any]]:
    """The limits in force, by domain; intervals and retention periods are no deadlines."""
    rules = [rule for rule in rules_to_choose(day) if rule.kind == RuleKind.LIMIT]
    rules.sort(key=lambda rule: rule.domain)
    groups = groupby(rules, key=lambda rule: rule.domain)
    listed = [
        (domain, [(rule.code, _rule_label(rule)) for rule in rows]) for domain, rows in groups
    ]
    return [("", _("a limit of my own")), *listed]


class DeadlineForm(forms.Form):
    """One question: the rule or the length, the start, and what moved it."""

    rule = forms.ChoiceField(label=_("rule of the law"), required=False)
    workdays = _text(_("length of the limit"), inputmode="numeric")
    unit = forms.ChoiceField(label=_("unit"), required=False, choices=Unit)
    named_on = _text(_("day named in the paper"), "date")
    start = _text(_("start"), "date", _("for a limit before an event: the day of the event"))
    at = _text(_("time of day"), "time", _("only where hours are counted"))
    promised_workdays = _text(_("promised working days"), inputmode="numeric")
    extend_workdays = _text(_("extended by"), inputmode="numeric")
    end_roll = forms.BooleanField(label=_("an end on a day off moves on"), required=False)
    in_force = _text(_("rules in force on"), "date")

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"start": time.today().isoformat(), "unit": Unit.WORKDAY})
        self.query = data or QueryDict()
        self.answer: Answer | None = None
        field: Any = self.fields["rule"]
        field.choices = self._rules()

    def _rules(self) -> list[tuple[Any, Any]]:
        choices = rule_choices(time.today())
        asked = self.query.get("rule", "")[:20]
        known = {code for _domain, rows in choices[1:] for code, _label in rows}
        return choices if not asked or asked in known else [*choices, (asked, asked)]

    @property
    def pauses(self) -> list[list[str]]:
        """The pauses asked about: from, to, ground."""
        columns = [self.query.getlist(f"pause_{name}") for name in ("from", "to", "ground")]
        length = min(max(map(len, columns)), PAUSES)
        rows = [[(col[row : row + 1] or [""])[0][:20] for col in columns] for row in range(length)]
        return [row for row in rows if any(row)]

    @property
    def pause_rows(self) -> list[list[str]]:
        """The same with an empty row to fill in."""
        return [*self.pauses, *[["", "", ""]] * SPARE_ROWS]

    @property
    def grounds(self) -> list[str]:
        """Grounds to choose from; a rule may list others, which can be typed."""
        return [ground.value for ground in Ground]

    def clean(self) -> dict[str, Any]:
        """The answer stands, or every refusal stands at its field."""
        data: dict[str, Any] = self.cleaned_data
        if not self.errors:
            self._ask(data)
        return data

    def _ask(self, data: dict[str, Any]) -> None:
        asked: dict[str, Any] = {**data, "pauses": self.pauses}
        if asked["rule"]:
            asked["unit"] = ""
        if asked["unit"] == Unit.SAME_DAY:
            asked["workdays"] = ""
        try:
            self.answer = Calculator().answer(asked)
        except DomainError as fault:
            self._refuse(fault)

    def _refuse(self, fault: DomainError) -> None:
        fields = fault.fields if isinstance(fault, InvalidInput) else {}
        for name, texts in fields.items():
            self.add_error(name if name in self.fields else None, texts)
        if not fields:
            self.add_error(None, fault.message)
