"""Filters of the lists of clocks and cards, and the note of a verb."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deadlines.choices import Debtor
from deadlines.querysets import ClockQuerySet
from organisations.choices import RegionLevel, UnitKind
from organisations.models import Region, Unit
from organisations.rules import STREET_DIGITS
from supervision.choices import CardColour, CardState, Happened, Lamp, When
from supervision.querysets import CardQuerySet, Moment, happened, lamp, when

ANY = ("", _("any"))


class StreetField(forms.ModelChoiceField):
    """A row of the dashboard's table by street: a street, or the district's own hall."""

    def label_from_instance(self, obj: Region) -> str:
        """The name; the district stands for itself, not for all its streets."""
        if obj.level == RegionLevel.DISTRICT:
            return str(_("%(name)s (the district itself)") % {"name": obj.name})
        return str(obj)


class ClockFilter(forms.Form):
    """What a list of clocks is narrowed to; the dashboard's links fill it in."""

    lamp = forms.ChoiceField(label=_("light"), required=False, choices=[ANY, *Lamp.choices])
    when = forms.ChoiceField(label=_("time"), required=False, choices=[ANY, *When.choices])
    owed = forms.ChoiceField(label=_("owed by"), required=False, choices=[ANY, *Debtor.choices])
    street = StreetField(
        label=_("street"),
        required=False,
        queryset=Region.objects.filter(level__in=(RegionLevel.DISTRICT, RegionLevel.STREET)),
        empty_label=_("any"),
    )
    unit = forms.ModelChoiceField(
        label=_("responsible unit"),
        required=False,
        queryset=Unit.objects.exclude(kind=UnitKind.COMMUNITY),
        empty_label=_("any"),
    )
    q = forms.CharField(label=_("matter or number"), required=False, max_length=60)
    topic = forms.CharField(
        label=_("item"), required=False, max_length=60, widget=forms.HiddenInput
    )
    kind = forms.CharField(
        label=_("what it is about"), required=False, max_length=30, widget=forms.HiddenInput
    )
    what = forms.ChoiceField(
        label=_("what happened"),
        required=False,
        choices=[ANY, *Happened.choices],
        widget=forms.HiddenInput,
    )
    week = forms.DateField(label=_("week from"), required=False, widget=forms.HiddenInput)

    def clean_week(self) -> date | None:
        """The week's first day; its ends must not lie outside the calendar."""
        week: date | None = self.cleaned_data["week"]
        if week and not date.min < week < date.max - timedelta(weeks=2):
            raise ValidationError(self.fields["week"].error_messages["invalid"])
        return week

    def narrow(self, clocks: ClockQuerySet, moment: Moment) -> ClockQuerySet:
        """The clocks asked for, none where the question is faulty; open ones, unless of a week."""
        if not self.is_valid():
            return clocks.none()
        asked = self.cleaned_data
        if asked.get("what") and asked.get("week"):
            clocks = clocks.filter(happened(asked["what"], asked["week"], moment))
        else:
            clocks = clocks.open()
        return clocks.filter(self._time(asked, moment) & self._place(asked) & self._matter(asked))

    def _time(self, asked: dict[str, Any], moment: Moment) -> Q:
        condition = Q()
        if asked.get("lamp"):
            condition &= lamp(asked["lamp"])
        if asked.get("when"):
            condition &= when(asked["when"], moment)
        return condition

    def _place(self, asked: dict[str, Any]) -> Q:
        condition = Q()
        if asked.get("street"):
            # As ``by_street`` groups: the district's own row holds none of its streets' clocks.
            condition &= Q(region_code__startswith=asked["street"].code[:STREET_DIGITS])
        if asked.get("unit"):
            condition &= Q(department=asked["unit"])
        return condition

    def _matter(self, asked: dict[str, Any]) -> Q:
        condition = Q(debtor=asked["owed"]) if asked.get("owed") else Q()
        if asked.get("kind"):
            condition &= Q(subject_kind=asked["kind"], topic_code=asked["topic"])
        if text := asked.get("q", "").strip():
            condition &= Q(subject_number__startswith=text) | Q(subject_label__contains=text)
        return condition


class CardFilter(forms.Form):
    """What the list of cards is narrowed to."""

    colour = forms.ChoiceField(
        label=_("colour"), required=False, choices=[ANY, *CardColour.choices]
    )
    state = forms.ChoiceField(label=_("state"), required=False, choices=[ANY, *CardState.choices])
    standing = forms.BooleanField(label=_("unanswered only"), required=False)

    def narrow(self, cards: CardQuerySet) -> CardQuerySet:
        """The cards asked for; none where the question is faulty."""
        if not self.is_valid():
            return cards.none()
        asked = self.cleaned_data
        for field in ("colour", "state"):
            if asked.get(field):
                cards = cards.filter(**{field: asked[field]})
        return cards.standing() if asked.get("standing") else cards


class MyCardsFilter(forms.Form):
    """Which of one's cards are shown: the open ones, unless all are asked for."""

    all = forms.BooleanField(required=False)

    def narrow(self, cards: CardQuerySet) -> CardQuerySet:
        """The cards asked for, worst first."""
        wanted = self.is_valid() and self.cleaned_data["all"]
        return (cards if wanted else cards.standing()).worst_first()


class ManyFiles(forms.FileInput):
    """A field of the page that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # type: ignore[override]
        """Each of them checked as Django checks one; none where nothing was chosen."""
        return [super(FilesField, self).clean(one, initial) for one in data or [] if one]


class NoteForm(forms.Form):
    """The words that go with a verb, and where it takes any, the files."""

    note = forms.CharField(
        label=_("what is to be said"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
    )

    files = FilesField(  # type: ignore[assignment]
        label=_("files that bear it out"),
        required=False,
        help_text=_("PDF, JPEG or PNG, up to nine"),
        widget=ManyFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png", "multiple": True}),
    )

    def __init__(
        self, *args: Any, required: bool = False, with_files: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        if not with_files:
            del self.fields["files"]
