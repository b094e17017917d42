"""Forms of the phone pages; services do the deeds."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from common import time
from inspections.choices import BatchResult, DeliveryWay, ItemResult
from inspections.models import Campaign, OrderItem, Problem, Subject
from organisations.models import User

DAY_INPUT = {"type": "date"}
LONGEST_AGO = timedelta(days=3653)


class OnceForm(forms.Form):
    """A form that counts once, however often it is sent."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    template_name = "inspections/form.html"


class OutingForm(OnceForm):
    """Who goes along."""

    officers = forms.ModelMultipleChoiceField(
        label=_("officers on this outing"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("choose the officers of this outing")},
    )

    def __init__(self, *args: Any, team: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        officers: Any = self.fields["officers"]
        officers.queryset, officers.initial = team, [actor.pk]


class ProblemForm(OnceForm):
    """A problem that belongs to no item of the checklist."""

    text = forms.CharField(
        label=_("what is wrong"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.FileField(
        label=_("photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )


class ReasonForm(OnceForm):
    """Why."""

    reason = forms.CharField(
        label=_("reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class OrderForm(OnceForm):
    """The order: the day, how it was delivered, and a line for each problem."""

    due_on = forms.DateField(
        label=_("to be corrected by"), widget=forms.DateInput(DAY_INPUT, "%Y-%m-%d")
    )
    way = forms.ChoiceField(label=_("way of delivery"), choices=DeliveryWay)
    receiver = forms.CharField(label=_("signed for by"), max_length=60, required=False)
    refusal_reason = forms.CharField(label=_("reason of refusal"), max_length=200, required=False)
    witness = forms.CharField(label=_("witness"), max_length=60, required=False)

    def __init__(
        self, *args: Any, problems: Iterable[Problem], default: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.problems = list(problems)
        for problem in self.problems:
            self._add_lines(problem, default)

    def _add_lines(self, problem: Problem, default: str) -> None:
        item = problem.answer.item.text if problem.answer else problem.text
        self.fields[f"requirement-{problem.pk}"] = forms.CharField(
            label=_("what to do"),
            max_length=400,
            initial=default.replace("{item}", item)[:400],
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"required": _("say what has to be done")},
        )
        self.fields[f"standard-{problem.pk}"] = forms.CharField(
            label=_("standard to reach"), max_length=400, required=False
        )

    def lines(self) -> list[tuple[Problem, forms.BoundField, forms.BoundField]]:
        """Each problem with its two fields."""
        return [(p, self[f"requirement-{p.pk}"], self[f"standard-{p.pk}"]) for p in self.problems]


FOUND = [
    (result.value, result.label)
    for result in (ItemResult.CORRECTED, ItemResult.PARTLY, ItemResult.NOT_CORRECTED)
]


class RecheckForm(OnceForm):
    """A finding for each open item of the order."""

    def __init__(self, *args: Any, items: Iterable[OrderItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"result-{item.pk}"] = forms.ChoiceField(
                label=_("item result"),
                choices=FOUND,
                widget=forms.RadioSelect,
                error_messages={"required": _("choose a result for this item")},
            )
            self.fields[f"note-{item.pk}"] = forms.CharField(
                label=_("remark"), max_length=500, required=False
            )
            self.fields[f"photo-{item.pk}"] = forms.FileField(
                label=_("photo"),
                required=False,
                widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
            )

    def lines(self) -> list[tuple[OrderItem, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each item with its fields."""
        return [
            (i, self[f"result-{i.pk}"], self[f"note-{i.pk}"], self[f"photo-{i.pk}"])
            for i in self.items
        ]


def refuse_long_ago(day: date) -> None:
    """Nothing happens if the day may be meant.

    Raises:
        ValidationError: it lies so far back that it is a slip of the keys.
    """
    if day < time.today() - LONGEST_AGO:
        raise forms.ValidationError(_("this lies more than ten years back; check the year"))


class SubjectForm(OnceForm):
    """A form about one subject of the campaign's list."""

    subject = forms.ModelChoiceField(label=_("inspected subject"), queryset=Subject.objects.none())

    def __init__(self, *args: Any, campaign: Campaign, subjects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        listed: Any = self.fields["subject"]
        listed.queryset = subjects


class InterviewForm(SubjectForm):
    """约谈记录."""

    held_at = forms.DateTimeField(
        label=_("held at"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=_("place of the interview"), max_length=120)
    interviewee = forms.CharField(label=_("who was interviewed"), max_length=120)
    reason = forms.CharField(
        label=_("reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    demands = forms.CharField(
        label=_("demands and limit"), widget=forms.Textarea(attrs={"rows": 3})
    )
    statement = forms.CharField(
        label=_("statement and promise"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_held_at(self) -> Any:
        """Only what has happened is recorded."""
        held_at = self.cleaned_data["held_at"]
        refuse_long_ago(held_at.date())
        if held_at > time.now():
            raise forms.ValidationError(_("this lies in the future"))
        return held_at


class BatchForm(SubjectForm):
    """抽样单 in its essentials."""

    code = forms.CharField(label=_("sampling sheet number"), max_length=60)
    product = forms.CharField(label=_("product"), max_length=120)
    lot = forms.CharField(label=_("lot or date of making"), max_length=60, required=False)
    sampled_on = forms.DateField(
        label=_("sampled on"), widget=forms.DateInput(DAY_INPUT, "%Y-%m-%d")
    )
    result = forms.ChoiceField(label=_("item result"), choices=BatchResult)

    def clean_sampled_on(self) -> Any:
        """Only what has happened is recorded."""
        day = self.cleaned_data["sampled_on"]
        refuse_long_ago(day)
        if day > time.today():
            raise forms.ValidationError(_("this lies in the future"))
        return day
