"""One step of a case from the command line, as a named person, by the form the admin shows."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput, TransitionRefused
from intake.errors import CaseNotFound
from intake.forms.acting import act_on
from intake.models import Case
from intake.services.records import offers
from organisations.models import User


class Command(BaseCommand):
    """``case NUMBER`` shows it; ``case NUMBER VERB --set NAME=VALUE`` acts. JSON either way."""

    help = "Shows a case as JSON, or carries out one step: suspend_case, resume_case, ..."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which case, which step, with what, as whom."""
        parser.add_argument("number", help="number of the case")
        parser.add_argument("verb", nargs="?", help="a step, such as suspend_case")
        parser.add_argument("--as", dest="username", required=True, help="who acts")
        parser.add_argument(
            "--set",
            dest="fields",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a field of the step, such as told_until=2026-12-10; repeatable",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints the case afterwards; a refusal is printed as JSON too and ends with 1.

        Raises:
            CommandError: nobody has this name, or a field is not NAME=VALUE.
        """
        actor, fields = _actor(options["username"]), dict(map(_pair, options["fields"]))
        try:
            case = _case(options["number"], actor)
            if options["verb"]:
                act_on(case, options["verb"], fields, actor=actor)
            told = _told(_case(options["number"], actor), actor)
        except DomainError as fault:
            self.stdout.write(json.dumps(_refusal(fault), ensure_ascii=False))
            sys.exit(1)
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _actor(username: str) -> User:
    found: User | None = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(_("nobody has the user name %(name)s") % {"name": username})
    return found


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise CommandError(_("write a field as NAME=VALUE, not %(text)s") % {"text": text})
    return name, value


def _case(number: str, actor: User) -> Case:
    seen = Case.objects.visible_to(actor) if actor.has_perm("intake.view_case") else None
    case: Case | None = seen.for_page().filter(number=number).first() if seen is not None else None
    if case is None:
        raise CaseNotFound
    return case


def _told(case: Case, actor: User) -> dict[str, Any]:
    clock = case.clock
    return {
        "number": case.number,
        "state": case.state,
        "promised_due_on": _day(clock and clock.promised_due_on),
        "statutory_due_on": _day(clock and clock.statutory_due_on),
        "row_version": case.row_version,
        "verbs": [offer.transition.name for offer in offers(case, actor) if offer.allowed],
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _refusal(fault: DomainError) -> dict[str, Any]:
    told: dict[str, Any] = {"error": fault.message, "code": fault.code}
    if isinstance(fault, InvalidInput) and fault.fields:
        told["fields"] = fault.fields
    if isinstance(fault, TransitionRefused):
        told["reasons"] = fault.reasons
    return told
