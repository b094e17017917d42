"""Ticks and files for the materials the guide asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Necessity
from catalogue.models import MaterialRequirement
from catalogue.parts import strictest
from common.errors import DomainError
from documents.models import Attachment
from documents.services import store_attachment
from intake.choices import MaterialStatus
from intake.services import MaterialInput
from organisations.models import User


@dataclass(frozen=True)
class Asked:
    """One material a form asks for, under a key that is unique on the page."""

    key: str
    name: str
    necessity: str = Necessity.REQUIRED
    hint: str = ""
    serves: tuple[str, ...] = ()

    @property
    def may_follow(self) -> bool:
        """Whether it may follow later."""
        return self.necessity == Necessity.DEFERRABLE

    @property
    def is_needed(self) -> bool:
        """Whether acceptance waits for it."""
        return self.necessity != Necessity.OPTIONAL

    @property
    def necessity_label(self) -> str | Promise:
        """Required, optional, or may follow, in the reader's language."""
        return Necessity(self.necessity).label


@dataclass
class Row:
    """One line of the list of materials as the template draws it."""

    asked: Asked
    here: forms.BoundField
    file: forms.BoundField
    kept: forms.BoundField
    later: forms.BoundField | None = None
    files: list[Attachment] = field(default_factory=list)


def asked_by(requirements: Sequence[MaterialRequirement]) -> list[Asked]:
    """One line a name, so that a material two items ask for is handed in once.

    The strictest item decides: required before deferrable before optional.
    """
    by_name: dict[str, list[MaterialRequirement]] = {}
    for requirement in requirements:
        by_name.setdefault(requirement.name, []).append(requirement)
    return [
        Asked(
            key=str(place),
            name=name,
            necessity=strictest(r.necessity for r in held),
            hint=_hint(held[0]),
            serves=tuple(r.version.name for r in held),
        )
        for place, (name, held) in enumerate(by_name.items())
    ]


def _hint(requirement: MaterialRequirement) -> str:
    kind = requirement.get_kind_display()
    return f"{kind} × {requirement.copies}"


class MaterialsForm(forms.Form):
    """A tick and a file a material; files are stored while checking, so none is lost."""

    def __init__(
        self, *args: Any, asked: Sequence[Asked], actor: User, region_code: str, **kwargs: Any
    ) -> None:
        self.asked, self.actor, self.region_code = list(asked), actor, region_code
        super().__init__(*args, **kwargs)
        self.data = editable(self.data)
        add_material_fields(self, self.asked)

    def clean(self) -> dict[str, Any]:
        """Each file is stored once; its key stays on the page if something else is wrong."""
        cleaned: dict[str, Any] = super().clean() or {}
        keep_files(self, self.asked, actor=self.actor, region_code=self.region_code)
        return cleaned

    def rows(self) -> list[Row]:
        """Lines for the template, with the files kept so far."""
        return material_rows(self, self.asked, self.actor)

    def missing(self) -> list[Asked]:
        """What still hinders acceptance as ticked."""
        return [one for one in self.asked if _hinders(self.cleaned_data, one)]

    def deferred(self) -> list[Asked]:
        """What is to follow later."""
        return [one for one in self.asked if self.cleaned_data.get(f"m{one.key}_later")]

    def inputs(self, deferred_until: date | None = None) -> list[MaterialInput]:
        """What came, for the services."""
        return material_inputs(self.cleaned_data, self.asked, deferred_until)


def _hinders(cleaned: dict[str, Any], one: Asked) -> bool:
    if one.necessity == Necessity.OPTIONAL or cleaned.get(f"m{one.key}_here"):
        return False
    if cleaned.get(f"m{one.key}_earlier"):
        return False
    return not (one.may_follow and cleaned.get(f"m{one.key}_later"))


def editable(data: Any) -> Any:
    """A copy of a form's data that may be written to."""
    return data.copy()


def add_material_fields(form: forms.Form, asked: Sequence[Asked]) -> None:
    """The form has a tick, a file and a memory of kept files for each material."""
    for one in asked:
        form.fields[f"m{one.key}_here"] = forms.BooleanField(label=one.name, required=False)
        if one.may_follow:
            form.fields[f"m{one.key}_later"] = forms.BooleanField(
                label=_("follows later"), required=False
            )
        form.fields[f"m{one.key}_file"] = forms.FileField(
            label=_("scan of “%(name)s”") % {"name": one.name},
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        )
        form.fields[f"m{one.key}_earlier"] = forms.IntegerField(
            required=False, min_value=1, widget=forms.HiddenInput
        )
        form.fields[f"m{one.key}_kept"] = forms.CharField(required=False, widget=forms.HiddenInput)


def keep_files(form: Any, asked: Sequence[Asked], *, actor: User, region_code: str) -> None:
    """Uploaded files are stored; a refused one is an error at its own field."""
    for one in asked:
        upload = form.cleaned_data.get(f"m{one.key}_file")
        if not upload:
            continue
        try:
            stored = store_attachment(
                upload=upload, name=upload.name, actor=actor, region_code=region_code
            )
        except DomainError as fault:
            form.add_error(f"m{one.key}_file", fault.message)
            continue
        _keep(form, one, stored)


def _keep(form: Any, one: Asked, stored: Attachment) -> None:
    kept = [part for part in form.cleaned_data.get(f"m{one.key}_kept", "").split(",") if part]
    text = ",".join([*kept, str(stored.pk)])
    for name, value in ((f"m{one.key}_kept", text), (f"m{one.key}_here", "on")):
        form.data[form.add_prefix(name)] = value
    form.cleaned_data[f"m{one.key}_kept"] = text
    form.cleaned_data[f"m{one.key}_here"] = True


def kept_ids(cleaned: dict[str, Any], one: Asked) -> tuple[UUID, ...]:
    """Keys of the files kept for a material; what is no key is left out."""
    found = []
    for part in str(cleaned.get(f"m{one.key}_kept", "")).split(","):
        try:
            found.append(UUID(part.strip()))
        except ValueError:
            continue
    return tuple(found)


def material_inputs(
    cleaned: dict[str, Any], asked: Sequence[Asked], deferred_until: date | None = None
) -> list[MaterialInput]:
    """What was ticked, as the services take it; what was left open is not mentioned."""
    given = []
    for one in asked:
        earlier = cleaned.get(f"m{one.key}_earlier")
        if cleaned.get(f"m{one.key}_here") or earlier:
            kept = kept_ids(cleaned, one)
            given.append(MaterialInput(name=one.name, attachment_ids=kept, earlier_id=earlier))
        elif cleaned.get(f"m{one.key}_later"):
            given.append(
                MaterialInput(name=one.name, status=MaterialStatus.DEFERRED, due_on=deferred_until)
            )
    return given


def material_rows(form: forms.Form, asked: Sequence[Asked], actor: User) -> list[Row]:
    """Lines for the template, with the names of files kept so far in one query."""
    held = {one.key: _kept_of(form, one) for one in asked}
    wanted = {key for keys in held.values() for key in keys}
    found = {row.pk: row for row in _own_files(wanted, actor)}
    return [
        Row(
            asked=one,
            here=form[f"m{one.key}_here"],
            file=form[f"m{one.key}_file"],
            kept=form[f"m{one.key}_kept"],
            later=form[f"m{one.key}_later"] if one.may_follow else None,
            files=[found[key] for key in held[one.key] if key in found],
        )
        for one in asked
    ]


def _kept_of(form: forms.Form, one: Asked) -> tuple[UUID, ...]:
    name = f"m{one.key}_kept"
    return kept_ids({name: form[name].value() or ""}, one)


def _own_files(wanted: set[UUID], actor: User) -> Sequence[Attachment]:
    if not wanted:
        return []
    return list(Attachment.objects.filter(pk__in=wanted, uploaded_by=actor))
