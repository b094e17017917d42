"""期限计算器 on the command line: one question as options, or a file of them."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput
from deadlines.services.calculating import Answer, Calculator

USAGE_CODE = 2
USAGE = "manage.py deadline --start DATE (--workdays N | --rule ID) [...]; --help lists the rest"
CHUNK = 1000
BARE = "[]"


class Command(BaseCommand):
    """Prints one JSON object; a mistake is one line and exit code 2."""

    help = "Calculates when a time limit ends, and explains it day by day."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Everything is read as text and judged by the calculator itself."""
        parser.usage = USAGE
        parser.add_argument("--start", help="first day, 2021-12-03 (the event of a backward rule)")
        parser.add_argument("--at", help="time of day, 16:20; needed where hours are counted")
        length = "length of the statutory limit, in --unit"
        parser.add_argument("--workdays", "--amount", dest="workdays", help=length)
        units = "workday (default), calendar_day, hour, month, same_day or named_date"
        parser.add_argument("--unit", help=units)
        parser.add_argument("--named-on", help="the day a served paper names")
        parser.add_argument("--end-roll", action="store_true", help="an end on a day off moves on")
        parser.add_argument("--rule", help="a rule of the law, such as APP-07")
        parser.add_argument("--promised-workdays", help="length of the promised limit")
        pause = "FROM:TO[:GROUND]; may be given several times"
        parser.add_argument("--pause", dest="pauses", action="append", help=pause)
        parser.add_argument("--extend-workdays", help="extension; moves the statutory limit only")
        parser.add_argument("--in-force", help="rules as of this day; default the start")
        batch = "one JSON object a line in, one JSON answer a line out; - reads standard input"
        parser.add_argument("--batch", help=batch)
        parser.add_argument("--no-explanation", action="store_true", help="dues only, faster")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer the question, or every line of the file."""
        explained = not options["no_explanation"]
        try:
            calculator = Calculator()
            if not options["batch"]:
                self.stdout.write(as_line(calculator.answer(options), explained=explained))
                return
        except DomainError as fault:
            raise CommandError(_one_line(fault), returncode=USAGE_CODE) from None
        for chunk in _chunks(_answers(calculator, _lines(options["batch"]), explained=explained)):
            self.stdout.write("\n".join(chunk))


def as_line(answer: Answer, *, explained: bool) -> str:
    """The answer as one line of JSON."""
    text = BARE
    if explained:
        text = f"[{', '.join(map(answer.teller.text, answer.notes))}]"
    return f'{json.dumps(answer.head())[:-1]}, "explanation": {text}}}'


def _one_line(fault: DomainError) -> str:
    words = [fault.message]
    if isinstance(fault, InvalidInput):
        fields = {f"{name}: {text}" for name, texts in fault.fields.items() for text in texts}
        words += sorted(fields - {fault.message})
    return " ".join(" ".join(words).split())


def _lines(name: str) -> Iterator[bytes]:
    path = Path("/dev/stdin") if name == "-" else Path(name)
    try:
        with path.open("rb") as stream:
            yield from stream
    except OSError as fault:
        words = {"file": name, "reason": fault.strerror}
        text = _("cannot read %(file)s: %(reason)s") % words
        raise CommandError(text, returncode=USAGE_CODE) from None


def _answers(calculator: Calculator, lines: Iterable[bytes], *, explained: bool) -> Iterator[str]:
    for line in lines:
        try:
            asked = json.loads(line.decode("utf-8-sig"))
            yield as_line(calculator.answer(asked), explained=explained)
        except DomainError as fault:
            yield _refusal(_one_line(fault))
        except (ValueError, RecursionError):
            yield _refusal(_("this line is not a JSON object"))


def _refusal(words: str) -> str:
    return json.dumps({"error": words}, ensure_ascii=False)


def _chunks(answers: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for answer in answers:
        chunk.append(answer)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
