"""The forms of intake's own verbs; each carries out exactly one move."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from common import time
from common.errors import InvalidInput
from intake import services
from intake.choices import MaterialStatus, RefusalGround
from intake.forms.materials import (
    Asked,
    Row,
    add_material_fields,
    editable,
    keep_files,
    material_inputs,
    material_rows,
)
from intake.forms.window import CORRECTION_DAYS
from intake.models import Case
from intake.parts import NOTE_LENGTH, VerbForm
from intake.services import Demand
from organisations.choices import UnitKind
from organisations.models import Unit

OTHER_FAULT = "other"


class SubmitForm(VerbForm):
    """The draft is submitted."""

    move = "submit_case"
    service = services.submit_case
    takes_note = False


class ReceiveForm(VerbForm):
    """The case is received by this clerk."""

    move = "receive_case"
    for_many = True
    service = services.receive_case
    takes_note = False


class AcceptForm(VerbForm):
    """The case is accepted."""

    move = "accept_case"
    for_many = True
    service = services.accept_case


class SendOnForm(VerbForm):
    """The case goes back to the department."""

    move = "send_on"
    for_many = True
    service = services.send_on
    note_label = _("what was done")


class RefuseAcceptanceForm(VerbForm):
    """The case is not accepted: ground, reason, right organ."""

    move = "refuse_acceptance"
    service = services.refuse_acceptance
    takes_note = False

    ground = forms.ChoiceField(label=_("ground"), choices=RefusalGround)
    reason = forms.CharField(
        label=_("reason told to the applicant"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    proper_organ = forms.CharField(
        label=_("competent organ"),
        max_length=120,
        required=False,
        help_text=_("required when another organ is competent"),
    )

    def arguments(self) -> dict[str, Any]:
        """Ground, reason and organ."""
        return {name: self.cleaned_data[name] for name in ("ground", "reason", "proper_organ")}


class WishForm(VerbForm):
    """A move that only the applicant's own wish allows."""

    wished = forms.BooleanField(label=_("the applicant asked for this himself"))


class ReturnForm(WishForm):
    """The papers go back before acceptance."""

    move = "return_case"
    service = services.return_case


class WithdrawForm(WishForm):
    """The applicant withdraws."""

    move = "withdraw_case"
    service = services.withdraw_case


class AnnulEffectForm(VerbForm):
    """The head takes back what the law did on a wrong record."""

    move = "annul_effect"
    service = services.annul_effect


class ReassignForm(VerbForm):
    """Another department decides."""

    move = "reassign_case"
    service = services.reassign_case

    department = forms.ModelChoiceField(
        label=_("department"), queryset=Unit.objects.none(), to_field_name="code"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (UnitKind.DEPARTMENT, UnitKind.STREET)
        prefix = self.case.region_code[:6]
        units = Unit.objects.filter(kind__in=kinds, region__code__startswith=prefix)
        field: Any = self.fields["department"]
        field.queryset = units.exclude(pk=self.case.department_id)

    def arguments(self) -> dict[str, Any]:
        """The department beside the note."""
        return {**super().arguments(), "department": self.cleaned_data["department"]}


class CorrectionForm(VerbForm):
    """The one-time notice: everything that is missing or wrong, at once."""

    move = "request_correction"
    service: ClassVar[Callable[..., Case]] = services.request_correction
    takes_note: ClassVar[bool] = False

    due_on = forms.DateField(
        label=_("corrections by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = time.today() + timedelta(days=CORRECTION_DAYS)
        missing = set(self.case.missing_names)
        for material in self.case.asked_materials():
            self._add(str(material.pk), material.name, asked=material.name in missing)
        self._add(OTHER_FAULT, _("facts in the form"), asked=False)

    def _add(self, key: str, label: Any, *, asked: bool) -> None:
        self.fields[f"ask_{key}"] = forms.BooleanField(label=label, required=False, initial=asked)
        self.fields[f"fault_{key}"] = forms.CharField(
            label=_("what is missing or wrong"),
            max_length=200,
            required=False,
            initial="未提交" if asked else "",
        )
        self.fields[f"demand_{key}"] = forms.CharField(
            label=_("how to correct it"),
            max_length=200,
            required=False,
            initial="请提交该材料" if asked else "",
        )

    def _keys(self) -> list[str]:
        return [name.removeprefix("ask_") for name in self.fields if name.startswith("ask_")]

    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Tick, fault and demand of each material for the template."""
        return [(self[f"ask_{k}"], self[f"fault_{k}"], self[f"demand_{k}"]) for k in self._keys()]

    def clean(self) -> dict[str, Any]:
        """A ticked line says what is wrong and how to correct it; one line at least is ticked."""
        cleaned: dict[str, Any] = super().clean() or {}
        ticked = [key for key in self._keys() if cleaned.get(f"ask_{key}")]
        for key in ticked:
            for part in ("fault", "demand"):
                if not cleaned.get(f"{part}_{key}"):
                    self.add_error(f"{part}_{key}", _("fill this in"))
        if not ticked:
            self.add_error(None, _("tick what is to be corrected"))
        return cleaned

    def demands(self) -> list[Demand]:
        """The ticked lines for the services."""
        return [
            Demand(
                name=str(self.fields[f"ask_{key}"].label),
                fault=self.cleaned_data[f"fault_{key}"],
                demand=self.cleaned_data[f"demand_{key}"],
            )
            for key in self._keys()
            if self.cleaned_data[f"ask_{key}"]
        ]

    def arguments(self) -> dict[str, Any]:
        """Demands and day, and the reason where one is asked."""
        given = {"demands": self.demands(), "due_on": self.cleaned_data["due_on"]}
        return {**super().arguments(), **given}

    @classmethod
    def from_api(cls, case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """``demands: [{name, fault, demand}]`` as the form's ticks."""
        keys = {material.name: str(material.pk) for material in case.asked_materials()}
        spelled = {name: value for name, value in data.items() if name != "demands"}
        for entry in _rows(data.get("demands")):
            key = keys.get(str(entry.get("name", "")), OTHER_FAULT)
            spelled[f"ask_{key}"] = "on"
            spelled[f"fault_{key}"] = str(entry.get("fault", ""))
            spelled[f"demand_{key}"] = str(entry.get("demand", ""))
        return spelled


class RepeatCorrectionForm(CorrectionForm):
    """A second notice, with the head's reason."""

    move = "repeat_correction"
    service: ClassVar[Callable[..., Case]] = services.repeat_correction
    takes_note = True


def _rows(value: Any) -> list[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def _files(value: Any) -> list[str]:
    """The keys of a material's files.

    Raises:
        InvalidInput: it is no list.
    """
    if value is not None and not isinstance(value, list):
        raise InvalidInput(fields={"materials": [str(_("files are a list of file ids"))]})
    return [str(key) for key in value or []]


class HandInForm(VerbForm):
    """Corrections come in: ticks and files for what was still missing."""

    move = "hand_in_correction"
    service: ClassVar[Callable[..., Case]] = services.hand_in_correction

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.data = editable(self.data)
        self.asked = _asked_of(self.case)
        add_material_fields(self, self.asked)

    def clean(self) -> dict[str, Any]:
        """Files are stored while checking, so none is lost."""
        cleaned: dict[str, Any] = super().clean() or {}
        region = self.case.region_code
        keep_files(self, self.asked, actor=self.actor, region_code=region)
        return cleaned

    def rows(self) -> list[Row]:
        """Lines for the template."""
        return material_rows(self, self.asked, self.actor)

    def arguments(self) -> dict[str, Any]:
        """Materials beside the note."""
        given = [
            one
            for one in material_inputs(self.cleaned_data, self.asked)
            if one.status == MaterialStatus.RECEIVED
        ]
        return {**super().arguments(), "materials": given}

    @classmethod
    def from_api(cls, case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """``materials: [{name, files: [uuid]}]`` as the form's ticks."""
        keys = {material.name: str(material.pk) for material in case.asked_materials()}
        spelled = {name: value for name, value in data.items() if name != "materials"}
        for entry in _rows(data.get("materials")):
            key, files = keys.get(str(entry.get("name", ""))), _files(entry.get("files"))
            if key:
                spelled[f"m{key}_here"] = "on"
                spelled[f"m{key}_kept"] = ",".join(files)
        return spelled


def _asked_of(case: Case) -> list[Asked]:
    return [
        Asked(
            key=str(material.pk),
            name=material.name,
            necessity=material.necessity,
            hint=material.get_status_display(),
        )
        for material in case.asked_materials()
    ]


class AddMaterialsForm(HandInForm):
    """Materials come in while the case goes on."""

    move = "add_materials"
    service: ClassVar[Callable[..., Case]] = services.add_materials
