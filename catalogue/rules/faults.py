"""What makes a card impossible, in the words of whoever keeps the catalogue."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from catalogue.choices import CaseType, Level, Nature
from catalogue.rules.cards import ItemCard
from catalogue.rules.definitions import definition_faults
from catalogue.rules.text import (
    BASE_CODE_LENGTH,
    CODE_SHAPE,
    IMPLEMENTATION_CODE_LENGTH,
)
from deadlines.choices import Unit as LimitUnit

Fault = tuple[str, str]
INSTANT_WORKDAYS = 1
JOINT_RULE = "APP-08"


def card_faults(card: ItemCard) -> dict[str, list[str]]:
    """Every fault by field; empty if the card can be stored."""
    found: dict[str, list[str]] = {}
    for rule in _STORE_RULES:
        for name, message in rule(card):
            found.setdefault(name, []).append(message)
    return found


def card_doubts(card: ItemCard) -> list[Fault]:
    """What is stored all the same, with a remark."""
    return list(_odd_lengths(card))


def _identity(card: ItemCard) -> Iterator[Fault]:
    if not card.code:
        yield "code", _("the item code is missing")
    elif not CODE_SHAPE.fullmatch(card.code):
        yield (
            "code",
            _("“%(code)s”: a code has 1 to 64 letters, digits, - _ or .") % {"code": card.code},
        )
    if not card.name:
        yield "name", _("the name of the item is missing")
    if not card.kind:
        yield "kind", _("the kind of act is missing")
    if not card.department:
        yield "department", _("the department is missing")
    if card.parent_code and card.parent_code == card.code:
        yield "parent_code", _("an item cannot be a part of itself")


def _statute(card: ItemCard) -> Iterator[Fault]:
    if card.statutory_amount is not None and not card.statutory_basis:
        yield (
            "statutory_basis",
            _("a statutory limit rests on an article; without one it is a promise only"),
        )


def _no_joint_limit(card: ItemCard) -> Iterator[Fault]:
    """行政许可法 42 II: 45 + 15 only where 26's joint handling of one application is on record."""
    if card.statutory_rule == JOINT_RULE:
        yield (
            "statutory_rule",
            _(
                "45 working days are for joint handling that the government decided and the file "
                "records, never an item's own limit; name the rule of a single department"
            ),
        )


def _promise_within_statute(card: ItemCard) -> Iterator[Fault]:
    amounts = card.promised_amount, card.statutory_amount
    if None in amounts or card.promised_unit != card.statutory_unit:
        return
    promised, statutory = (amount or 0 for amount in amounts)
    if promised > statutory:
        yield (
            "promised_amount",
            _("the promise (%(promised)s) is longer than the statute (%(statutory)s)")
            % {"promised": promised, "statutory": statutory},
        )


def _on_the_spot(card: ItemCard) -> Iterator[Fault]:
    if card.case_type != CaseType.INSTANT or card.promised_amount is None:
        return
    if card.promised_unit == LimitUnit.SAME_DAY:
        return
    if card.promised_unit != LimitUnit.WORKDAY or card.promised_amount > INSTANT_WORKDAYS:
        yield (
            "promised_amount",
            _("an item decided on the spot promises the same day or one working day"),
        )


def _fee(card: ItemCard) -> Iterator[Fault]:
    if card.fee and not card.fee_standard:
        yield "fee_standard", _("a fee needs its rate")
    if card.fee and not card.fee_basis:
        yield "fee_basis", _("a fee rests on an article")


def _phones(card: ItemCard) -> Iterator[Fault]:
    if card.contact_phone and card.contact_phone == card.complaint_phone:
        yield "complaint_phone", _("the number for complaints must differ from the one for advice")


def _opens_no_case(card: ItemCard) -> Iterator[Fault]:
    if card.nature != Nature.CASE and card.form_definition:
        yield "form_definition", _("an item of this kind opens no case, so it has no form")


def _form_makes_sense(card: ItemCard) -> Iterator[Fault]:
    for fault in definition_faults(card.form_definition):
        yield "form_definition", fault


def _levels_known(card: ItemCard) -> Iterator[Fault]:
    strange = set(card.accept_levels) - set(Level.values)
    if strange:
        yield "accept_levels", _("unknown level: %(level)s") % {"level": sorted(strange)[0]}


def _odd_lengths(card: ItemCard) -> Iterator[Fault]:
    if card.base_code and len(card.base_code) != BASE_CODE_LENGTH:
        yield "base_code", _("the base code does not have 12 characters")
    if card.implementation_code and len(card.implementation_code) != IMPLEMENTATION_CODE_LENGTH:
        yield "implementation_code", _("the implementation code does not have 31 characters")


_STORE_RULES: tuple[Callable[[ItemCard], Iterator[Fault]], ...] = (
    _identity,
    _levels_known,
    _statute,
    _promise_within_statute,
    _no_joint_limit,
    _on_the_spot,
    _fee,
    _phones,
    _opens_no_case,
    _form_makes_sense,
)
