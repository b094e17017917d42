"""The import-export resource of items: it parses, validates and compares, and stores nothing."""

from copy import copy
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource

from catalogue.choices import CaseType, Nature, VersionState
from catalogue.models import Item
from catalogue.resources.cells import ABSENT, cell_kind
from catalogue.resources.columns import COLUMNS, REGION
from catalogue.resources.tables import LINE, SURPLUS
from catalogue.resources.widgets import NONE, Given
from catalogue.rules.cards import ItemCard
from catalogue.rules.faults import card_doubts, card_faults
from catalogue.rules.lint import publish_faults
from catalogue.rules.text import credit_code_doubt, plain
from catalogue.services import ImportOptions, cards_by_code
from catalogue.services.units import UnitBook, sole_district
from deadlines.choices import Unit as LimitUnit
from deadlines.models import ClockRule

Row = dict[str, Any]


def is_told(row: Row, field: str) -> bool:
    """Whether the row has a cell for the field, an empty one included."""
    return field in row and row[field] is not ABSENT


def text_of(cell: Any) -> str:
    """The text of the cell, or of the value a JSON file has in its place."""
    value = cell.value if isinstance(cell, Given) else cell
    return value.strip() if isinstance(value, str) else ""


def says_none(cell: Any) -> bool:
    """Whether the cell says that there is none, which an empty one does not."""
    return cell == Given(None) or plain(text_of(cell)) == NONE


class CardLoader(BaseInstanceLoader):
    """Cards of stored items, read in batches for the whole file."""

    def get_instance(self, row: Row) -> ItemCard | None:
        """A copy of the stored card with the row's code, if there is one."""
        stored = self.resource.stored.get(plain(row["code"]))
        # Fields are replaced and never changed in place, so a shallow copy is enough.
        return copy(stored) if stored is not None else None


class ItemResource(Resource):
    """One row, one card; fates, reasons and changes come out, nothing goes in."""

    class Meta:
        import_id_fields = ("code",)
        instance_loader_class = CardLoader
        skip_unchanged = True
        report_skipped = True
        skip_diff = True
        store_instance = True
        store_row_values = True
        use_transactions = False

    def __init__(self, options: ImportOptions) -> None:
        super().__init__()
        self.options = options
        self.fields = {
            column.field: Field(
                attribute=column.field,
                column_name=column.field,
                widget=column.widget,
            )
            for column in COLUMNS
        }
        self._columns = list(self.fields.values())
        self.units = UnitBook()
        self.district = sole_district()
        self.rules = set(ClockRule.objects.values_list("code", flat=True))
        self.stored: dict[str, ItemCard] = {}
        self.states: dict[str, str] = {}
        self._first_line: dict[str, int] = {}
        self._parents: set[str] = set()

    def get_import_fields(self) -> list[Field]:
        """Every column, listed once for all rows."""
        return self._columns

    def init_instance(self, row: Row | None = None) -> ItemCard:
        """An empty card."""
        return ItemCard()

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """What is stored under the file's codes is known."""
        codes = [plain(cell) for cell in dataset["code"]]
        for version, card in cards_by_code(code for code in dict.fromkeys(codes) if code):
            self.stored[card.code], self.states[card.code] = card, version.state
        self._parents = self._possible_parents(dataset, codes)

    def _possible_parents(self, dataset: tablib.Dataset, codes: list[str]) -> set[str]:
        """Codes that a situation may name: whole items of the file or of the catalogue."""
        if "parent_code" not in dataset.headers:
            return set()
        named = [plain(text_of(cell)) for cell in dataset["parent_code"]]
        here = {code for code, parent in zip(codes, named, strict=True) if not parent}
        stored = Item.objects.filter(code__in=set(named) - {""}, parent=None)
        return here | set(stored.values_list("code", flat=True))

    def before_import_row(self, row: Row, **kwargs: Any) -> None:
        """A row that cannot be the row of its code is refused before it is compared."""
        code = plain(row["code"])
        first = self._first_line.setdefault(code, row[LINE])
        if code and first != row[LINE]:
            raise ValidationError(
                {"code": _("the code already stands in line %(line)s") % {"line": first}},
            )
        if row[SURPLUS]:
            raise ValidationError({"code": _("the row has more cells than there are columns")})

    def import_instance(self, instance: ItemCard, row: Row, **kwargs: Any) -> None:
        """The card holds the row's values and the defaults of the import."""
        super().import_instance(instance, row, **kwargs)
        if not says_none(row.get("promised_amount")):
            self._fill_limits(instance)
        if not is_told(row, "accept_levels") and not instance.accept_levels:
            instance.accept_levels = list(self.options.accepts)
        if is_told(row, "department"):
            instance.department = self._department(instance.department, row)

    def import_field(
        self, field: Field, instance: ItemCard, row: Row, *args: Any, **kw: Any
    ) -> None:
        """The card holds the cell's value; a cell that says what is stored changes nothing.

        A list cell says less than the stored entries hold, so reading it anew would lose that.
        """
        if is_told(row, field.column_name) and not self._says_the_stored(field, row):
            super().import_field(field, instance, row, *args, **kw)

    def _says_the_stored(self, field: Field, row: Row) -> bool:
        cell = row.get(field.column_name)
        if field.widget.exact is not list or not isinstance(cell, str) or cell_kind(cell):
            return False
        stored = self.stored.get(plain(row["code"]))
        return stored is not None and bool(
            cell == field.widget.short(getattr(stored, field.attribute))
        )

    def _fill_limits(self, card: ItemCard) -> None:
        """A case item without a promise promises the statute, the same day, or the default."""
        if card.nature != Nature.CASE or card.promised_amount is not None:
            return
        if card.statutory_amount is not None:
            card.promised_amount, card.promised_unit = card.statutory_amount, card.statutory_unit
        elif card.case_type == CaseType.INSTANT:
            card.promised_amount, card.promised_unit = 0, LimitUnit.SAME_DAY.value
        elif self.options.default_promise:
            card.promised_amount = self.options.default_promise
            card.promised_unit = LimitUnit.WORKDAY.value

    def _department(self, word: str, row: Row) -> str:
        """The unit's code, or the word itself if a unit of that name is to be added."""
        if not word:
            return ""
        try:
            unit = self.units.find(word, self.region_of(row))
        except ValueError as fault:
            raise ValidationError({"department": str(fault)}) from fault
        if unit is not None:
            return unit.code
        if not self.options.create_units:
            raise ValidationError(
                {"department": _("the department “%(name)s” is unknown") % {"name": word}},
            )
        if not self.region_of(row):
            raise ValidationError(
                {"department": _("say in which region the new department lies")},
            )
        return word

    def region_of(self, row: Row) -> str:
        """The 12-digit region of the row: the option, the row's own, else the one district."""
        return self.options.region or plain(row.get(REGION) or "") or self.district

    def validate_instance(
        self,
        instance: ItemCard,
        import_validation_errors: dict[str, Any] | None = None,
        **_kwargs: Any,
    ) -> None:
        """Pass silently if the card can be stored.

        Raises:
            ValidationError: every fault of the row, by field.
        """
        faults = dict(import_validation_errors or {})
        for field, messages in self._faults(instance).items():
            faults.setdefault(field, messages)
        if faults:
            raise ValidationError(faults)

    def _faults(self, card: ItemCard) -> dict[str, list[str]]:
        found = card_faults(card)
        if card.statutory_rule and card.statutory_rule not in self.rules:
            found["statutory_rule"] = [
                _("there is no rule “%(code)s”") % {"code": card.statutory_rule},
            ]
        if card.parent_code and not self._is_parent(card):
            found["parent_code"] = [
                _("“%(code)s” is no main item of this file or of the catalogue")
                % {"code": card.parent_code},
            ]
        return found

    def _is_parent(self, card: ItemCard) -> bool:
        stored = self.stored.get(card.code)
        kept = stored is not None and stored.parent_code == card.parent_code
        return kept or card.parent_code in self._parents

    def skip_row(
        self,
        instance: ItemCard,
        original: None,
        row: Row,
        import_validation_errors: Any = None,
    ) -> bool:
        """Whether nothing would change: same content, and no draft waiting to be published."""
        stored = self.stored.get(instance.code)
        if import_validation_errors or stored is None or instance != stored:
            return False
        return not self._waits_for_publication(instance)

    def _waits_for_publication(self, card: ItemCard) -> bool:
        is_draft = self.states.get(card.code) == VersionState.DRAFT
        return self.options.publish and is_draft and not publish_faults(card)

    def save_instance(self, instance: ItemCard, is_create: Any, row: Row, **kwargs: Any) -> None:
        """Nothing: services store, after somebody has said yes."""

    def notices_of(self, card: ItemCard, row: Row) -> list[dict[str, str]]:
        """Doubts that do not keep the row from being stored."""
        doubts = card_doubts(card)
        if is_told(row, "organ_code") and (doubt := credit_code_doubt(card.organ_code)):
            doubts.append(("organ_code", doubt))
        if self.options.publish:
            doubts += [("", _("not published: ") + reason) for reason in publish_faults(card)]
        return [{"column": field, "text": text} for field, text in doubts]
