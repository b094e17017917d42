"""The catalogue's check: what a good entry has, as a table of checks.

An error stops publishing; a warning is listed for whoever keeps the catalogue. Sources:
安阳市政务服务条例 arts. 12, 13, 22, 23; the checks of real catalogues in FACTS 1.4.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.choices import (
    CaseType,
    HandlingForm,
    Kind,
    Level,
    MaterialSource,
    Nature,
    Necessity,
    OnlineDepth,
    Severity,
)
from catalogue.rules.cards import ItemCard
from catalogue.rules.lists import CATCH_ALL
from catalogue.rules.text import (
    BASE_CODE_LENGTH,
    IMPLEMENTATION_CODE_LENGTH,
    credit_code_doubt,
)
from deadlines.choices import Unit as LimitUnit

AREA_CODE = re.compile(r"0\d{2,3}-?\d{7,8}|12345|400-?\d{3}-?\d{4}")
HANDLING_CODE_LENGTH = 33
LEAST_STEPS = 5
# Delivery comes after the decision that the promise is about (行政许可法 44).
HANDED_OUT = "送达"
Text = str | Promise


@dataclass(frozen=True)
class Check:
    """One rule: what is wrong where ``fails`` is true of a card, and how it is put right."""

    code: str
    severity: str
    field: str
    text: Text
    hint: Text
    fails: Callable[[ItemCard], bool]
    basis: str = ""
    natures: frozenset[str] = frozenset({Nature.CASE})


@dataclass(frozen=True)
class Finding:
    """A check that fails on one card."""

    check: Check

    @property
    def text(self) -> Text:
        """What is wrong."""
        return self.check.text

    @property
    def is_error(self) -> bool:
        """Whether it stops publishing."""
        return self.check.severity == Severity.ERROR


def _is_catch_all(card: ItemCard) -> bool:
    return any(CATCH_ALL.fullmatch(material["name"]) for material in card.materials)


def _is_unauthorised(card: ItemCard) -> bool:
    if card.case_type != CaseType.INSTANT or card.decide_level in card.accept_levels:
        return False
    return not card.delegation_basis and not card.delegations


def _is_wholly_online(card: ItemCard) -> bool:
    return card.online_depth == OnlineDepth.WHOLLY


def _needs_post(card: ItemCard) -> bool:
    doors = set(card.handling_forms)
    online = doors & {HandlingForm.COMPUTER, HandlingForm.MOBILE}
    return card.visits == 0 and bool(doors) and not online and HandlingForm.POST not in doors


def _lacks_area_code(number: str) -> bool:
    return bool(number) and AREA_CODE.search(number) is None


def _takes_longer_than_promised(card: ItemCard) -> bool:
    if card.promised_amount is None or card.promised_unit != LimitUnit.WORKDAY:
        return False
    handled = (step for step in card.steps if HANDED_OUT not in step["name"])
    return sum(step["workdays"] or 0 for step in handled) > card.promised_amount


def _has_twins(card: ItemCard) -> bool:
    names = [material["name"] for material in card.materials]
    return len(set(names)) < len(names)


def _asks_what_others_issued(card: ItemCard) -> bool:
    return any(
        material["source"] == MaterialSource.GOVERNMENT
        and material["necessity"] == Necessity.REQUIRED
        and not material.get("source_note")
        for material in card.materials
    )


def _has_a_licence(card: ItemCard) -> bool:
    return card.kind == Kind.LICENCE


def _is_odd(code: str, length: int) -> bool:
    return bool(code) and len(code) != length


E, W = Severity.ERROR, Severity.WARNING
EVERY = frozenset(Nature.values)
GUIDE = "安阳市政务服务条例第13条"
NO_CATCH_ALL = "安阳市政务服务条例第23条"
PROMISE = "安阳市政务服务条例第22条"
DELEGATED = "安阳市政务服务条例第15条"
ON_PROMISE = "安阳市政务服务条例第25条至第29条"

CHECKS: tuple[Check, ...] = (
    Check(
        "accepted-nowhere",
        E,
        "accept_levels",
        _("it is not said who accepts the item"),
        _("tick at least one level that accepts it"),
        lambda card: not card.accept_levels,
    ),
    Check(
        "no-promise",
        E,
        "promised_amount",
        _("the promised limit is missing (安阳条例 22 asks for one)"),
        _("name the promised limit; it may equal the statutory one"),
        lambda card: card.promised_amount is None,
        PROMISE,
    ),
    Check(
        "instant-unauthorised",
        E,
        "delegation_basis",
        _("decided on the spot although another level decides: name the authorisation"),
        _("name the document, or let the item be decided within a promise"),
        _is_unauthorised,
        DELEGATED,
    ),
    Check(
        "catch-all-material",
        E,
        "materials",
        _("a catch-all such as “other materials” is asked for"),
        _("name each material that is asked for"),
        _is_catch_all,
        NO_CATCH_ALL,
    ),
    Check(
        "online-but-visits",
        E,
        "visits",
        _("wholly online, and yet one must come"),
        _("set the visits to 0, or the depth online lower"),
        lambda card: _is_wholly_online(card) and card.visits != 0,
    ),
    Check(
        "promise-never-checked",
        E,
        "check_workdays",
        _("decided on a promise, but no time is set in which the promise is checked"),
        _("name the working days until the check"),
        lambda card: card.on_promise and not card.check_workdays,
        ON_PROMISE,
    ),
    Check(
        "fee-without-rate",
        E,
        "fees",
        _("a fee is charged, but its rate or its basis is missing"),
        _("give rate and article of every fee"),
        lambda card: any(not fee.get("standard") or not fee.get("basis") for fee in card.fees),
    ),
    Check(
        "no-conditions",
        W,
        "conditions",
        _("the conditions are missing"),
        _("say who may apply and when"),
        lambda card: not card.conditions,
        GUIDE,
    ),
    Check(
        "no-basis",
        W,
        "bases",
        _("no article is named on which the item rests"),
        _("name law and article"),
        lambda card: not card.bases,
        GUIDE,
        EVERY,
    ),
    Check(
        "no-steps",
        W,
        "steps",
        _("the procedure is missing"),
        _("name the steps, who does each, and its working days"),
        lambda card: not card.steps,
        GUIDE,
    ),
    Check(
        "no-standard",
        W,
        "materials",
        _("some material has no acceptance standard"),
        _("say of each material when it is accepted"),
        lambda card: any(not material.get("standard") for material in card.materials),
        GUIDE,
    ),
    Check(
        "no-contact",
        W,
        "contact_phone",
        _("a telephone for advice or for complaints is missing"),
        _("name both; they must differ"),
        lambda card: not (card.contact_phone and card.complaint_phone),
        GUIDE,
        EVERY,
    ),
    Check(
        "no-area-code",
        W,
        "contact_phone",
        _("a telephone number lacks its area code"),
        _("write it as 0372-1234567"),
        lambda card: _lacks_area_code(card.contact_phone) or _lacks_area_code(card.complaint_phone),
        natures=EVERY,
    ),
    Check(
        "visits-without-reason",
        W,
        "visits_reason",
        _("one must come, and it is not said why"),
        _("give the reason, or set the visits to 0"),
        lambda card: bool(card.visits) and not card.visits_reason,
    ),
    Check(
        "no-way-without-visit",
        W,
        "handling_forms",
        _("nobody need come, but neither online nor by post can it be handed in"),
        _("add “online” or “by post” to the forms of handling"),
        _needs_post,
    ),
    Check(
        "fee-not-online",
        W,
        "online_payment",
        _("a fee is charged that cannot be paid online"),
        _("offer payment online"),
        lambda card: (card.fee or bool(card.fees)) and not card.online_payment,
    ),
    Check(
        "licence-without-faq",
        W,
        "faqs",
        _("a licence without a single frequent question"),
        _("answer at least one question people ask"),
        lambda card: _has_a_licence(card) and not card.faqs,
    ),
    Check(
        "licence-few-steps",
        W,
        "steps",
        _("a licence has fewer than five steps"),
        _("name receipt, examination, approval, completion and delivery"),
        lambda card: _has_a_licence(card) and len(card.steps) < LEAST_STEPS,
    ),
    Check(
        "result-without-sample",
        W,
        "result_sample",
        _("there is a result, but no sample of it"),
        _("name the file or address of a sample"),
        lambda card: bool(card.result_name) and not card.result_sample,
    ),
    Check(
        "steps-exceed-promise",
        W,
        "steps",
        _("the steps together take longer than promised"),
        _("shorten a step or promise more"),
        _takes_longer_than_promised,
    ),
    Check(
        "promised-but-instant",
        W,
        "case_type",
        _("promised for the same day, but not marked as decided on the spot"),
        _("mark it as decided on the spot"),
        lambda card: (
            card.case_type == CaseType.PROMISED
            and card.promised_unit == LimitUnit.SAME_DAY
            and card.promised_amount is not None
        ),
    ),
    Check(
        "decided-below-undelegated",
        W,
        "delegations",
        _("decided below the district without a document that hands it down"),
        _("add the delegation: to whom, from when, by which document"),
        lambda card: (
            card.decide_level != Level.DISTRICT
            and not card.delegations
            and not card.delegation_basis
        ),
        DELEGATED,
    ),
    Check(
        "twin-materials",
        W,
        "materials",
        _("two materials have the same name"),
        _("ask for a material once, with the number of copies"),
        _has_twins,
        NO_CATCH_ALL,
    ),
    Check(
        "asks-what-others-issued",
        W,
        "materials",
        _("a paper is asked for that another department issued"),
        _("name where it is had from, so that the window need not ask for it"),
        _asks_what_others_issued,
    ),
    Check(
        "odd-codes",
        W,
        "implementation_code",
        _("a code does not have the length of the standard (12, 31 or 33 characters)"),
        _("check base, implementation and handling code (GB/T 39554.1)"),
        lambda card: (
            _is_odd(card.base_code, BASE_CODE_LENGTH)
            or _is_odd(card.implementation_code, IMPLEMENTATION_CODE_LENGTH)
            or _is_odd(card.handling_code, HANDLING_CODE_LENGTH)
        ),
        "GB/T 39554.1-2020",
        EVERY,
    ),
    Check(
        "odd-organ-code",
        W,
        "organ_code",
        _("the credit code of the organ is malformed"),
        _("18 characters with a right check digit (GB 32100)"),
        lambda card: bool(card.organ_code and credit_code_doubt(card.organ_code)),
        "GB 32100-2015",
        EVERY,
    ),
    Check(
        "serves-nobody",
        W,
        "service_objects",
        _("it is not said whom the item serves"),
        _("tick persons, enterprises or others"),
        lambda card: not card.service_objects,
        GUIDE,
        EVERY,
    ),
)
CHECK_OF = {check.code: check for check in CHECKS}


def findings(card: ItemCard) -> Iterator[Finding]:
    """Every check that fails on the card, errors first."""
    for check in CHECKS:
        if card.nature in check.natures and check.fails(card):
            yield Finding(check)


def errors_of(version: Any) -> list[Finding]:
    """What keeps a version from being published."""
    return [finding for finding in findings(version.card()) if finding.is_error]


def publish_faults(card: ItemCard) -> list[str]:
    """Every reason why a storable card may not be published yet."""
    return [str(finding.text) for finding in findings(card) if finding.is_error]
