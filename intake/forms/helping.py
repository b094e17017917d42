"""Who stands by the applicant: one field of the window's form, and the words of each step."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.choices import HelpKind
from intake.services.helping import NOTE_LENGTH, HelpOrder, helpers_at
from organisations.models import Post, ServicePoint


def _spelled(kind: str, helper_id: int) -> str:
    return f"{kind}:{helper_id}"


def helper_field(points: Sequence[ServicePoint], *, required: bool = False) -> forms.ChoiceField:
    """Who helps, and in what way: one choice says both."""
    people = dict.fromkeys(user for point in points for user in helpers_at(point))
    groups = [
        (label, [(_spelled(kind, user.pk), str(user)) for user in people])
        for kind, label in HelpKind.choices
    ]
    empty = [] if required else [("", _("nobody: the applicant does it himself"))]
    return forms.ChoiceField(label=_("helped by"), choices=[*empty, *groups], required=required)


def points_of(posts: Sequence[Post]) -> list[ServicePoint]:
    """Points of these posts, each once."""
    return list(dict.fromkeys(post.point for post in posts if post.point is not None))


def order_of(chosen: str) -> HelpOrder | None:
    """What was chosen; None if nobody helps."""
    kind, _colon, helper = chosen.partition(":")
    return HelpOrder(helper_id=int(helper), kind=kind) if helper else None


class BeginHelpForm(forms.Form):
    """Somebody is named for an application that has nobody yet."""

    def __init__(self, *args: Any, point: ServicePoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helper"] = helper_field([point], required=True)

    def arguments(self) -> dict[str, Any]:
        """What the service takes beside application and actor."""
        return {"order": order_of(self.cleaned_data["helper"])}


class HelpStepForm(forms.Form):
    """The words of a step; to pass it on also names the colleague."""

    note = forms.CharField(
        label=_("what is to be said"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, *args: Any, point: ServicePoint, passes_on: bool, required: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        if passes_on:
            people = [(str(user.pk), str(user)) for user in helpers_at(point)]
            self.fields["helper"] = forms.ChoiceField(label=_("colleague"), choices=people)
            self.order_fields(["helper", "note"])

    def arguments(self) -> dict[str, Any]:
        """What the service takes beside the help and the actor."""
        given: dict[str, Any] = {"note": self.cleaned_data["note"]}
        if "helper" in self.cleaned_data:
            given["helper_id"] = int(self.cleaned_data["helper"])
        return given
