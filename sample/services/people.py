"""People who do not exist: names drawn by lot, numbers that check and belong to nobody."""

from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc

from intake.choices import ApplicantKind, IdType
from intake.services import ApplicantInput
from sample import rules
from sample.services.files import rows


def credit_code(place: int) -> str:
    """A code that checks and whose registry number, with its XX, was given to nobody."""
    body = f"91410503XX{place:07d}"
    return body + str(uscc.calc_check_digit(body))


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
        return ApplicantInput(
            name=name,
            kind=ApplicantKind.ORGANISATION,
            id_type=IdType.CREDIT_CODE,
            id_number=credit_code(self.place),
            mobile=rules.mobile_number(self.place),
            address=address,
        )


class Names:
    """Draws names from the name file; the same name may come again."""

    def __init__(self, lot: Random) -> None:
        """The same lot gives the same names."""
        self._lot = lot
        names = rows("names")
        self._surnames = [row["text"] for row in names if row["kind"] == "surname"]
        self._given = [row["text"] for row in names if row["kind"] == "given"]

    def draw(self) -> str:
        """One surname and one or two syllables."""
        length = 1 if self._lot.random() < 0.25 else 2
        given = "".join(self._lot.sample(self._given, length))
        return self._lot.choice(self._surnames) + given


class Crowd:
    """More people than have an identity number of the district, each with a number of his own."""

    def __init__(self, lot: Random, first: int) -> None:
        """``first`` is the place of the first one; lower places are taken."""
        self._lot, self._names, self._place = lot, Names(lot), first

    def draw(self, street: str) -> ApplicantInput:
        """The next one, who lives in ``street``."""
        self._place += 1
        return ApplicantInput(
            name=self._names.draw(),
            id_number=rules.nobody_number(self._place),
            mobile=rules.mobile_number(self._place % rules.MOBILES),
            address=f"{street}示例路{self._lot.randint(1, 90)}号",
        )


class People:
    """Draws people; the same lot gives the same people."""

    def __init__(self, lot: Random) -> None:
        """Nobody was drawn yet."""
        self._lot, self._names = lot, Names(lot)
        self._place = 0
        self._used: set[str] = set()

    def draw(self) -> Person:
        """Somebody whose name was not drawn before."""
        self._place += 1
        name = self._names.draw()
        while name in self._used:
            name = self._names.draw()
        self._used.add(name)
        return Person(name, self._place, female=self._lot.random() < 0.5)
