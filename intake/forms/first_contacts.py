"""What is written down of a first contact, and the words of each step."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput
from common.flow import Transition
from intake.services.first_contacts import HANDING, NAME_LENGTH, NOTE_LENGTH, WISH_LENGTH, Receiver
from organisations.choices import Role
from organisations.models import ServicePoint, Unit

HELD = Q(posts__active=True) & (Q(posts__holder_a__isnull=False) | Q(posts__holder_b__isnull=False))


def _points() -> Any:
    staffed = Q(HELD, posts__role__in=(Role.CLERK, Role.REVIEWER, Role.HEAD))
    return ServicePoint.objects.filter(staffed).distinct().order_by("code")


def _units() -> Any:
    staffed = Q(HELD, posts__role__in=(Role.REVIEWER, Role.HEAD))
    return Unit.objects.filter(staffed).distinct().order_by("code")


class FullNameField(forms.ModelChoiceField):
    """A choice shown by its whole name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name as it stands on the door."""
        return str(obj.name)


class ReceiverForm(forms.Form):
    """Where the matter is handed to, with a word for those who get it."""

    point = FullNameField(label=_("service point"), queryset=None, required=False)
    unit = FullNameField(label=_("or a unit behind the windows"), queryset=None, required=False)
    note = forms.CharField(
        label=_("what they should know"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].queryset = _points()  # type: ignore[attr-defined]
        self.fields["unit"].queryset = _units()  # type: ignore[attr-defined]

    def receiver(self) -> Receiver:
        """The place that was chosen."""
        return Receiver(point=self.cleaned_data["point"], unit=self.cleaned_data["unit"])

    def arguments(self) -> dict[str, Any]:
        """What the service takes beside contact and actor."""
        return {"receiver": self.receiver(), "note": self.cleaned_data["note"]}


class NewContactForm(ReceiverForm):
    """What somebody wants that is not done here."""

    wanted = forms.CharField(
        label=_("what is wanted"),
        max_length=WISH_LENGTH,
        help_text=_("the matter only: name and telephone belong below, where they are sealed"),
    )
    name = forms.CharField(label=_("name"), max_length=NAME_LENGTH, required=False)
    telephone = forms.CharField(
        label=_("telephone"),
        max_length=30,
        required=False,
        help_text=_("for the answer; erased 30 days after it"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    token = forms.CharField(
        min_length=16, max_length=64, widget=forms.HiddenInput, initial=lambda: uuid4().hex
    )

    field_order = ("token", "wanted", "name", "telephone", "point", "unit", "note")

    def arguments(self) -> dict[str, Any]:
        """What the service takes beside the actor."""
        typed = ("token", "wanted", "name", "telephone")
        return {name: self.cleaned_data[name] for name in typed} | super().arguments()


class ContactNoteForm(forms.Form):
    """The words of a step that stays at its place."""

    note = forms.CharField(
        label=_("what is to be said"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def arguments(self) -> dict[str, Any]:
        """What the service takes beside contact and actor."""
        return {"note": self.cleaned_data["note"]}


def form_for(move: Transition, *data: Any) -> Any:
    """The form of one step; a reason is asked for where the table says so."""
    form: Any = ReceiverForm(*data) if move.name in HANDING else ContactNoteForm(*data)
    form.fields["note"].required = move.note_required
    return form


def take_refusal(form: forms.Form, fault: DomainError) -> None:
    """What the service refuses stands beside its field, else above the form."""
    fields = fault.fields if isinstance(fault, InvalidInput) else {}
    known = {name: texts for name, texts in fields.items() if name in form.fields}
    for name, texts in known.items():
        for text in texts:
            form.add_error(name, text)
    if not known:
        form.add_error(None, str(fault.message))
