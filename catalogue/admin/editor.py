"""The form of a draft: every element and every part on one page."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.choices import HandlingForm, Level, ServiceObject
from catalogue.models import Item, ItemVersion
from catalogue.models.cards import PART_FIELDS
from catalogue.rules import form_lines
from catalogue.rules.cards import ItemCard, told
from catalogue.services.cards import PART_MODELS
from deadlines.models import ClockRule
from organisations.models import Unit

FACTS = (
    "code",
    "name",
    "main_name",
    "situation",
    "kind",
    "nature",
    "theme",
    "base_code",
    "implementation_code",
    "handling_code",
    "local_base_code",
    "local_implementation_code",
    "organ_code",
)
SECTIONS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (
        _("the item"),
        (
            "code",
            "name",
            "department",
            "parent_code",
            "situation",
            "main_name",
            "kind",
            "nature",
            "theme",
        ),
    ),
    (
        _("codes and organ"),
        (
            "base_code",
            "implementation_code",
            "handling_code",
            "local_base_code",
            "local_implementation_code",
            "organ_code",
            "organ_nature",
            "entrusted_to",
            "power_source",
        ),
    ),
    (
        _("who accepts and decides"),
        ("accept_levels", "decide_level", "handout", "delegation_basis", "service_objects"),
    ),
    (
        _("time limits"),
        (
            "case_type",
            "promised_amount",
            "promised_unit",
            "promised_note",
            "statutory_amount",
            "statutory_unit",
            "statutory_basis",
            "statutory_note",
            "statutory_rule",
            "special_procedures",
            "on_promise",
            "check_workdays",
        ),
    ),
    (_("conditions"), ("conditions", "quantity_limit", "valid_from")),
    (
        _("doors"),
        (
            "handling_forms",
            "online_depth",
            "online_address",
            "visits",
            "visits_reason",
            "service_scope",
            "mobile",
            "home_service",
            "in_hall",
            "by_express",
            "by_appointment",
            "at_terminal",
        ),
    ),
    (
        _("fee and result"),
        (
            "fee",
            "fee_standard",
            "fee_basis",
            "online_payment",
            "result_name",
            "result_type",
            "result_sample",
        ),
    ),
    (_("place and contact"), ("place", "hours", "contact_phone", "complaint_phone", "source_note")),
    (_("form"), ("form_definition",)),
)
PART_TITLES: dict[str, str | Promise] = {
    "materials": _("materials"),
    "steps": _("steps"),
    "bases": _("legal bases"),
    "fees": _("fees"),
    "delegations": _("delegations"),
    "faqs": _("frequent questions"),
}
LISTED = {
    "accept_levels": (_("accepted by"), Level.choices),
    "service_objects": (_("serves"), ServiceObject.choices),
    "handling_forms": (_("forms of handling"), HandlingForm.choices),
}
OWN = {*LISTED, "statutory_rule", "form_definition", "special_procedures", "valid_from"}
SPARE_ROWS = 2


def _plain_names() -> list[str]:
    named = {name for _title, names in SECTIONS for name in names}
    return [name for name in named if name not in {*FACTS, *OWN, "department", "parent_code"}]


class ElementsForm(forms.Form):
    """Facts and elements; ``seen`` is what the item said when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    department = forms.ModelChoiceField(label=_("department"), queryset=Unit.objects.none())
    parent_code = forms.CharField(label=_("code of the main item"), max_length=64, required=False)
    statutory_rule = forms.ChoiceField(label=_("rule of the limit"), required=False)
    special_procedures = forms.CharField(
        label=_("special procedures"), required=False, help_text=_("separated by ；")
    )
    valid_from = forms.DateField(
        label=_("valid from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    form_definition = forms.CharField(
        label=_("fields of the form"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "one field a line: key|label|type|required|options or hint, then settings: "
            "出现=field:answers, 必填=field:answers, 最小=, 最大=, 最早=, 最晚=, 最长=, 带入=, 提示="
        ),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= fields_for_model(Item, fields=FACTS)
        self.fields |= fields_for_model(ItemVersion, fields=_plain_names())
        for name, (label, options) in LISTED.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=options,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        department: Any = self.fields["department"]
        department.queryset = units
        codes = ClockRule.objects.order_by("code").values_list("code", flat=True).distinct()
        rule: Any = self.fields["statutory_rule"]
        rule.choices = [("", "—"), *((code, code) for code in codes)]
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3

    def clean_form_definition(self) -> list[dict[str, Any]]:
        """The fields as the card holds them."""
        try:
            return form_lines.fields_in(self.cleaned_data["form_definition"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault

    def sections(self) -> Iterator[tuple[str | Promise, list[forms.BoundField]]]:
        """Titles with their fields, in the order of the page."""
        for title, names in SECTIONS:
            yield title, [self[name] for name in names]

    def values(self) -> dict[str, Any]:
        """What was typed, as values of a card."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        day = given["valid_from"]
        procedures = given["special_procedures"].replace(";", "；").split("；")
        return {
            **given,
            "department": given["department"].code,
            "valid_from": day.isoformat() if day else "",
            "special_procedures": [part.strip() for part in procedures if part.strip()],
        }


def _part_form(part: str) -> type[forms.Form]:
    fields = fields_for_model(PART_MODELS[part], fields=PART_FIELDS[part])
    for field in fields.values():
        field.required = False
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 2
    return type(f"{part.title()}Form", (forms.Form,), fields)


PART_FORMS = {part: _part_form(part) for part in PART_FIELDS}


class PartRows(forms.BaseFormSet):
    """Rows of one part; a row without its first field is no row."""

    def entries(self, part: str) -> list[dict[str, Any]]:
        """The rows in their order, as a card holds them."""
        first = PART_FIELDS[part][0]
        kept = [row for row in self.cleaned_data if row.get(first) and not row.get("DELETE")]
        return [told({name: row[name] for name in PART_FIELDS[part]}) for row in kept]


class Editor:
    """The form of one draft with the rows of its parts."""

    def __init__(self, card: ItemCard, *, units: Any, seen: str, data: QueryDict | None) -> None:
        self.before = card
        initial = _shown(card, units) | {"seen": seen}
        self.form = ElementsForm(data, initial=initial, units=units)
        self.parts: dict[str, Any] = {
            part: forms.formset_factory(
                PART_FORMS[part], formset=PartRows, extra=SPARE_ROWS, can_delete=True
            )(data, initial=getattr(card, part), prefix=part)
            for part in PART_FORMS
        }

    def is_valid(self) -> bool:
        """Whether everything typed can be read; all of it is looked at."""
        sound = [rows.is_valid() for rows in self.parts.values()]
        return self.form.is_valid() and all(sound)

    def card(self) -> ItemCard:
        """What was typed, as a card."""
        values = {part: formset.entries(part) for part, formset in self.parts.items()}
        if "form_definition" not in self.form.changed_data:
            # The lines of the page say less than a definition may hold.
            values["form_definition"] = self.before.form_definition
        return ItemCard(**{**self.form.values(), **values})

    def tables(self) -> Iterator[tuple[str, str | Promise, Any]]:
        """Part, title and rows, in the order of the page."""
        for part, formset in self.parts.items():
            yield part, PART_TITLES[part], formset

    def take_refusal(self, fields: dict[str, list[str]], message: str) -> None:
        """A refusal of the services stands at its field, else at the top."""
        for name, texts in fields.items():
            for text in texts:
                self.form.add_error(name if name in self.form.fields else None, text)
        if not fields:
            self.form.add_error(None, message)


def _shown(card: ItemCard, units: Any) -> dict[str, Any]:
    values = vars(card)
    return {
        **values,
        "department": next((unit for unit in units if unit.code == card.department), None),
        "special_procedures": "；".join(card.special_procedures),
        "form_definition": form_lines.fields_out(card.form_definition).replace("；", "\n"),
        "valid_from": card.valid_from or None,
    }
