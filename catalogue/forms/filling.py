"""The form of an item, made from its definition: the same for window, API and public page."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.choices import FieldType, Prefill
from catalogue.models import ItemVersion
from catalogue.rules.definitions import (
    SEPARATOR,
    Entry,
    bound,
    chosen,
    is_required,
    longest,
    options_of,
    shared_keys,
    shown_entries,
)
from common import time
from common.identity import credit_code_fault, resident_id_fault, spelled, telephone_fault


class SeveralField(forms.MultipleChoiceField):
    """Any of the options; an API client may also spell them as one text."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        """The options chosen, in the order of the form."""
        if not isinstance(value, (str, list, tuple)) and value:
            return super().to_python(value)
        named = chosen(value)
        choices: Any = self.choices
        order = [str(option) for option, _label in choices]
        return sorted(named, key=lambda one: order.index(one) if one in order else len(order))


class NumberedField(forms.CharField):
    """A number that names somebody, spelled one way and checked."""

    def __init__(self, *, fault: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.fault = fault

    def clean(self, value: Any) -> str:
        """The number in its one spelling.

        Raises:
            ValidationError: it cannot be right, or is missing.
        """
        text = spelled(super().clean(value))
        fault = self.fault(text) if text else None
        if fault:
            raise forms.ValidationError(str(fault))
        return text


class ItemForm(forms.Form):
    """One version's form.

    ``known`` says of the applicant what empty fields may take; ``asked_before`` names the
    fields of the same page whose answers count here too.
    """

    definition: ClassVar[list[Entry]] = []

    def __init__(
        self,
        *args: Any,
        known: Mapping[str, str] | None = None,
        asked_before: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, str] = {Prefill.TODAY: time.today().isoformat(), **(known or {})}
        self.asked_before = dict(asked_before or {})
        if self.is_bound and self.asked_before:
            self.data = self._with_earlier_answers()
        for entry in self.definition:
            self._dress(self.fields[entry["key"]], entry)

    def _dress(self, field: Any, entry: Entry) -> None:
        """What the page needs to show, hide and fill the field by itself."""
        condition = entry.get("shown_if")
        field.watched = self._name_of(condition["field"]) if condition else ""
        field.among = SEPARATOR.join(condition["among"]) if condition else ""
        field.prefill = entry.get("prefill", "")
        field.conditional = bool(condition and entry.get("required")) or "required_if" in entry
        if field.initial is None:
            field.initial = self.known.get(field.prefill)

    def _name_of(self, key: str) -> str:
        """The field of the page that holds the answer."""
        return self.asked_before.get(key) or self.add_prefix(key)

    def _with_earlier_answers(self) -> Any:
        posted: Any = self.data
        data = posted.copy()
        for key, name in self.asked_before.items():
            data.setlist(self.add_prefix(key), data.getlist(name))
        return data

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Fields to draw; what an earlier form of the page asks is not asked again."""
        return [self[key] for key in self.fields if key not in self.asked_before]

    def clean(self) -> dict[str, Any]:
        """What isn't shown is dropped, what is empty is taken from the applicant, musts hold."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._take_known(cleaned)
        shown = {entry["key"]: entry for entry in shown_entries(self.definition, cleaned)}
        for entry in self.definition:
            if entry["key"] in shown:
                self._demand(entry, cleaned)
            else:
                self.errors.pop(entry["key"], None)
                cleaned.pop(entry["key"], None)
        for key in self.asked_before:
            # The form that asks says what is wrong.
            self.errors.pop(key, None)
        return cleaned

    def _take_known(self, cleaned: dict[str, Any]) -> None:
        for entry in self.definition:
            key, value = entry["key"], self.known.get(entry.get("prefill", ""))
            if not value or self._is_typed(key):
                continue
            try:
                cleaned[key] = self.fields[key].clean(value)
            except forms.ValidationError:
                # A person's number is no credit code: what doesn't fit is asked for.
                continue
            self.errors.pop(key, None)

    def _is_typed(self, key: str) -> bool:
        field = self.fields[key]
        return bool(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(key)))

    def _demand(self, entry: Entry, cleaned: dict[str, Any]) -> None:
        key = entry["key"]
        if key in self.errors or cleaned.get(key) not in (None, "", []):
            return
        if is_required(entry, self.definition, cleaned):
            self.add_error(key, self.fields[key].error_messages["required"])


def form_for(version: ItemVersion) -> type[ItemForm]:
    """A form class with the version's fields, in the order of its definition."""
    definition = version.form_definition
    fields = {entry["key"]: _field(entry, definition) for entry in definition}
    return type(f"ItemForm{version.pk}", (ItemForm,), {**fields, "definition": definition})


def forms_for(versions: Sequence[ItemVersion], data: Any = None) -> list[ItemForm]:
    """The forms of one page, each asking what no form before it asks in the same words.

    Errors of a shared field stand at the form that asks it.
    """
    found: list[ItemForm] = []
    for version in versions:
        asked: dict[str, str] = {}
        for former in found:
            for key in shared_keys(version.form_definition, former.definition):
                asked.setdefault(key, former.asked_before.get(key) or former.add_prefix(key))
        found.append(form_for(version)(data, prefix=f"v{version.pk}", asked_before=asked))
    return found


def stored_answers(form: forms.Form) -> dict[str, str]:
    """The cleaned answers as texts, empty ones left out: what a case keeps."""
    return {
        key: _text(value) for key, value in form.cleaned_data.items() if value not in (None, "", [])
    }


def _text(value: Any) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _typed(common: Entry, entry: Entry) -> forms.Field:
    return forms.CharField(max_length=longest(entry), **common)


def _lines(common: Entry, entry: Entry) -> forms.Field:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(max_length=longest(entry), widget=area, **common)


def _number(common: Entry, entry: Entry) -> forms.Field:
    return forms.DecimalField(
        max_digits=14, decimal_places=4, **_bounds(entry, "min_value", "max_value"), **common
    )


def _bounds(entry: Entry, least: str, most: str) -> dict[str, Any]:
    today = time.today()
    return {least: bound(entry, "least", today), most: bound(entry, "most", today)}


class DayField(forms.DateField):
    """A day within its bounds."""

    def __init__(self, *, entry: Entry, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)
        self.bounds = _bounds(entry, "least", "most")

    def validate(self, value: Any) -> None:
        """Raises where the day is out of its bounds.

        Raises:
            ValidationError: too early, too late, or missing.
        """
        super().validate(value)
        least, most = self.bounds["least"], self.bounds["most"]
        if value and least and value < least:
            raise forms.ValidationError(_("not before %(day)s") % {"day": least.isoformat()})
        if value and most and value > most:
            raise forms.ValidationError(_("not after %(day)s") % {"day": most.isoformat()})


def _day(common: Entry, entry: Entry) -> forms.Field:
    return DayField(entry=entry, **common)


def _choice(common: Entry, entry: Entry) -> forms.Field:
    options = [("", gettext_lazy("choose")), *((one, one) for one in options_of(entry))]
    return forms.ChoiceField(choices=options, **common)


def _several(common: Entry, entry: Entry) -> forms.Field:
    return SeveralField(choices=[(one, one) for one in options_of(entry)], **common)


def _numbered(fault: Callable[[str], Any]) -> Callable[[Entry, Entry], forms.Field]:
    return lambda common, _entry: NumberedField(fault=fault, **common)


_MAKERS: dict[str, Callable[[Entry, Entry], forms.Field]] = {
    FieldType.TEXT: _typed,
    FieldType.TEXTAREA: _lines,
    FieldType.NUMBER: _number,
    FieldType.DATE: _day,
    FieldType.CHOICE: _choice,
    FieldType.YES_NO: _choice,
    FieldType.SEVERAL: _several,
    FieldType.RESIDENT_ID: _numbered(lambda text: resident_id_fault(text, time.today())),
    FieldType.CREDIT_CODE: _numbered(credit_code_fault),
    FieldType.PHONE: _numbered(telephone_fault),
}


def _field(entry: Entry, definition: list[Entry]) -> forms.Field:
    common = {
        "label": entry["label"],
        # Whether a field that may be hidden is a must is known once everything is read.
        "required": bool(entry.get("required")) and not entry.get("shown_if"),
        "help_text": _help(entry, definition),
    }
    return _MAKERS[entry["type"]](common, entry)


def _help(entry: Entry, definition: list[Entry]) -> str | Promise:
    condition = entry.get("shown_if")
    if not condition:
        return str(entry.get("help", ""))
    label = next(one["label"] for one in definition if one["key"] == condition["field"])
    words = _("only where “%(label)s” is %(among)s") % {
        "label": label,
        "among": SEPARATOR.join(condition["among"]),
    }
    return f"{entry['help']} {words}" if entry.get("help") else words
