"""People who do not exist: names drawn by lot, numbers that check and belong to nobody."""

from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc

from intake.choices import ApplicantKind, IdType
from intake.services import ApplicantInput
from sample import rules
from sample.services.files import rows


@dataclass(frozen=True)
class Person:
    """Someone of the sample."""

    name: str
    place: int
    female: bool

    def applicant(self, *, born: int, address: str) -> ApplicantInput:
        """The person as someone who applies."""
        return ApplicantInput(
            name=self.name,
            id_number=rules.id_number(year=born, place=self.place, female=self.female),
            mobile=rules.mobile_number(self.place),
            address=address,
        )

    def company(self, *, name: str, address: str) -> ApplicantInput:
        """An enterprise of the sample for which the person comes."""
        body = f"91410503XX{self.place:07d}"
        return ApplicantInput(
            name=name,
            kind=ApplicantKind.ORGANISATION,
            id_type=IdType.CREDIT_CODE,
            id_number=body + uscc.calc_check_digit(body),
            mobile=rules.mobile_number(self.place),
            address=address,
        )


class People:
    """Draws people; the same lot gives the same people."""

    def __init__(self, lot: Random) -> None:
        """Names come from the name file."""
        self._lot = lot
        self._place = 0
        self._used: set[str] = set()
        names = rows("names")
        self._surnames = [row["text"] for row in names if row["kind"] == "surname"]
        self._given = [row["text"] for row in names if row["kind"] == "given"]

    def draw(self) -> Person:
        """Somebody whose name was not drawn before."""
        self._place += 1
        name = self._name()
        while name in self._used:
            name = self._name()
        self._used.add(name)
        return Person(name, self._place, female=self._lot.random() < 0.5)

    def _name(self) -> str:
        length = 1 if self._lot.random() < 0.25 else 2
        given = "".join(self._lot.sample(self._given, length))
        return self._lot.choice(self._surnames) + given
