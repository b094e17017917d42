"""One verb for many cases: chosen rows, at most a note, and what became of each row."""

import time as machine_time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from django import forms
from django.db import DatabaseError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotFound
from common.flow import Transition
from common.querysets import key_of
from intake.errors import OtherDesk
from intake.models import Case
from intake.parts import NOTE_LENGTH
from intake.registry import handler_of
from intake.services.records import fits_side, refusals_of
from intake.transitions import CASE_FLOW
from organisations.models import User

MOST_ROWS = 100
# A web worker that answers nothing for a minute is stopped, and its report with it.
LONGEST_SECONDS = 40.0
LONGEST_NUMBER = 60


@dataclass(frozen=True)
class Chosen:
    """A row as the list showed it: key, version and number, so that none is lost."""

    key: int
    version: int
    number: str = ""

    def __str__(self) -> str:
        return f"{self.key}:{self.version}:{self.number}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The row that ``str`` wrote; key 0, which no case has, where it can't be read."""
        key, version, number, *_rest = (*text.split(":", 2), "", "", "")
        known = number[:LONGEST_NUMBER] if number.isprintable() else ""
        return cls(key_of(key), key_of(version), known)


@dataclass(frozen=True)
class RowFate:
    """What became of one row."""

    number: str
    item: str = ""
    done: bool = False
    state: str = ""
    reason: str = ""

    def facts(self) -> dict[str, Any]:
        """For the stored report."""
        return asdict(self)


def read_rows(texts: Iterable[str]) -> list[Chosen]:
    """Chosen rows, each once, in their order."""
    rows = (Chosen.read(text) for text in texts)
    return list({row.key: row for row in rows}.values())


def _form_class(name: str) -> Any:
    return handler_of(name).form_class


class ManyForm(forms.Form):
    """The note of one move, and the rows it is made on."""

    def __init__(
        self, *args: Any, move: Transition, rows: Sequence[Chosen], actor: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.move, self.rows, self.actor = move, list(rows), actor
        self.form_class = _form_class(move.name)
        if self.form_class.takes_note:
            self.fields["note"] = forms.CharField(
                label=_("reason") if move.note_required else self.form_class.note_label,
                max_length=NOTE_LENGTH,
                required=move.note_required,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=gettext_lazy("goes into the file of every case"),
            )

    def clean(self) -> dict[str, Any]:
        """One row at least, and no more than one look can answer for."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.rows:
            self.add_error(None, _("choose the cases first"))
        if len(self.rows) > MOST_ROWS:
            text = _("at most %(most)s cases at once; nothing was changed")
            self.add_error(None, text % {"most": MOST_ROWS})
        return cleaned

    @cached_property
    def prospects(self) -> list[tuple[Chosen, Case | None, list[str]]]:
        """Each row with its case, if it can be seen, and what stands against the move."""
        keys = [row.key for row in self.rows]
        seen = Case.objects.visible_to(self.actor).filter(pk__in=keys).for_list()
        cases = {case.pk: case for case in seen.with_materials()}
        found = ((row, cases.get(row.key)) for row in self.rows)
        return [(row, case, self._against(case)) for row, case in found]

    def _against(self, case: Case | None) -> list[str]:
        if case is None:
            return [str(NotFound.default_message)]
        reasons = refusals_of(case, self.move, self.actor)
        if reasons or fits_side(case, self.move, self.actor):
            return reasons
        return [str(OtherDesk.default_message)]

    def carry_out(self) -> list[RowFate]:
        """The move is made on each row by its own service, in a transaction of its own.

        Rows for which no time is left are said to be untouched.
        """
        end = machine_time.monotonic() + LONGEST_SECONDS
        return [
            self._fate(row) if machine_time.monotonic() < end else _out_of_time(row)
            for row in self.rows
        ]

    def _fate(self, row: Chosen) -> RowFate:
        case = Case.objects.visible_to(self.actor).for_page().filter(pk=row.key).first()
        if case is None:
            return RowFate(row.number, reason=str(NotFound.default_message))
        try:
            done = self._made(row, case)
        except DomainError as fault:
            case.refresh_from_db(fields=["state", "desk"])
            return _told(case, done=False, reason=_reason(fault))
        except DatabaseError:
            return _told(case, done=False, reason=_("the database was busy; try again"))
        return _told(done, done=True)

    def _made(self, row: Chosen, case: Case) -> Case:
        """The case after the move, through the form of the one move.

        Raises:
            DomainError: the move is refused.
        """
        data = {"note": self.cleaned_data.get("note", ""), "row_version": row.version}
        form = self.form_class(data, case=case, actor=self.actor)
        if not form.is_valid():
            raise InvalidInput(fields={name: list(map(str, e)) for name, e in form.errors.items()})
        done: Case = form.carry_out(actor=self.actor)
        return done


def _out_of_time(row: Chosen) -> RowFate:
    return RowFate(row.number, reason=_("no time was left for it; choose it again"))


def _told(case: Case, *, done: bool, reason: str = "") -> RowFate:
    return RowFate(
        number=case.number,
        item=str(case.item.name),
        done=done,
        state=str(case.state_label),
        reason=reason,
    )


def _reason(fault: DomainError) -> str:
    fields = fault.fields.values() if isinstance(fault, InvalidInput) else ()
    texts = [text for found in fields for text in found]
    return "；".join(texts) or fault.message


def move_for_many(name: str) -> Transition | None:
    """The move if it can be made on many cases at once: nothing but a note is asked for."""
    try:
        move, form = CASE_FLOW.by_name(name), handler_of(name).form_class
    except KeyError:
        return None
    return move if getattr(form, "for_many", False) else None


def moves_for_many(actor: User) -> list[Transition]:
    """Moves the actor may make on many cases at once, in the order of the table."""
    held = (move for move in CASE_FLOW.transitions if actor.has_perm(move.permission))
    return [move for move in held if move_for_many(move.name)]
