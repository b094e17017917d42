"""Many cases after one mould: new people under keys of their own, new numbers, chains made anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from django.conf import settings
from django.db import models

from common import crypto
from common.canonical import canonical_json
from common.events import GENESIS, EventBase
from common.keys import DataKey
from intake.models import Applicant, Application, Case
from notifications.models import InboxMessage
from sample.services.moulds import Mould
from sample.services.sealing import SealedPeople
from sample.services.sheets import Rows, reserve, store, stored_values

Varied = Mapping[str, Iterable[Any]]
"""Values of a column, one a copy; columns not named are alike in all copies."""


class Copies:
    """The rows of all copies, column by column."""

    def __init__(self, mould: Mould, people: SealedPeople, numbers: Sequence[str]) -> None:
        """``people`` and ``numbers`` (of receipts) are one a copy; the caller is in a transaction."""
        self.mould, self.people, self.numbers = mould, people, numbers
        self.keys: dict[tuple[type[models.Model], int], list[int]] = {}

    def store(self) -> None:
        """Every copy stands as if it had been handed in at its window."""
        self._store_applications()
        for model, rows in self.mould.rows.items():
            self._reserve(model, [row.pk for row in rows])
            events = [row for row in rows if isinstance(row, EventBase)]
            chains = self._chains(events) if events else repeat({})
            for row, chain in zip(rows, chains, strict=False):
                store(model, self._copied(row, {**chain, **self._addresses(row)}))

    def _reserve(self, model: type[models.Model], former: Sequence[int]) -> None:
        """Each former key has its new ones."""
        fresh, step = reserve(model, len(former) * len(self.numbers)), len(former)
        for place, key in enumerate(former):
            self.keys[model, key] = fresh[place::step]

    def _store_applications(self) -> None:
        """People, each with his data key, and what they handed in."""
        application = self.mould.application
        self._reserve(Applicant, [application.applicant_id])
        self._reserve(Application, [application.pk])
        store(DataKey, self.people.keys)
        store(Applicant, self.people.placed(self.keys[Applicant, application.applicant_id]))
        store(Application, self._copied(application, self.people.applications))

    def _copied(self, row: models.Model, varied: Varied) -> Rows:
        """The row once a copy."""
        columns = [
            varied.get(field.attname) or self._column(field, value)
            for field, value in zip(row._meta.concrete_fields, stored_values(row), strict=True)
        ]
        return zip(*columns, strict=False)

    def _column(self, field: Any, value: Any) -> Iterable[Any]:
        model = field.model if field.primary_key else field.related_model
        if model and (model, value) in self.keys:
            return self.keys[model, value]
        return self._texts(value) if isinstance(value, str) else repeat(value)

    def _texts(self, text: str) -> Iterable[str]:
        """The text with each copy's receipt number for the mould's."""
        head, found, tail = text.partition(self.mould.application.number)
        if not found:
            return repeat(text)
        return [f"{head}{number}{tail}" for number in self.numbers]

    def _addresses(self, row: models.Model) -> Varied:
        """A message links to the page of its own case."""
        if not isinstance(row, InboxMessage):
            return {}
        (former,) = (key for model, key in self.keys if model is Case)
        head, tail = row.link.split(f"/{former}/")
        return {"link": [f"{head}/{key}/{tail}" for key in self.keys[Case, former]]}

    def _chains(self, events: Sequence[EventBase]) -> Iterator[Varied]:
        """Both MACs of every event, in the order of the events."""
        subject, macs = 0, list[str]()
        for event in events:
            if event.subject_id != subject:
                subject, macs = event.subject_id, [GENESIS] * len(self.numbers)
            previous, macs = macs, self._macs(event, macs)
            yield {"previous_mac": previous, "mac": macs}

    def _macs(self, event: EventBase, previous: Sequence[str]) -> list[str]:
        name, seq = canonical_json(event._meta.label_lower), event.seq
        start = f'["{event.previous_mac}",{name},{event.subject_id},{seq},'
        tails = self._texts(event.spelled().removeprefix(start))
        field: Any = event._meta.get_field(event.subject_field)
        subjects = self.keys[field.related_model, event.subject_id]
        return [
            _mac(f'["{mac}",{name},{key},{seq},{tail}')
            for mac, key, tail in zip(previous, subjects, tails, strict=False)
        ]


def _mac(spelled: str) -> str:
    return crypto.hmac_sm3(settings.CHAIN_KEY, spelled.encode()).hex()
