"""API clients that apply, apply again with the same key, and withdraw, all at once."""

import json
import time
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from typing import Any

from tests.factories.intake import valid_id

APPLICATIONS = "/api/v1/intake/applications/"
CASES = "/api/v1/intake/cases/"
PERSONS = 9000
WAIT_SECONDS = 30


@dataclass
class Answers:
    """What the clients were told."""

    by_key: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    withdrawn: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def percentile(self, share: float) -> float:
        """The time within which this share of the requests was answered, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Applicants:
    """Threads in pairs; every fifth key is used by both threads of a pair."""

    def __init__(self, port: int, token: str, point: str, item: str, threads: int) -> None:
        self.port, self.token, self.point, self.item = port, token, point, item
        self.answers, self.ending = Answers(), Event()
        self.threads = [Thread(target=self._apply_on, args=(place,)) for place in range(threads)]

    def run(self, seconds: float) -> Answers:
        """All threads apply for so long; what they were told."""
        for thread in self.threads:
            thread.start()
        self.ending.wait(seconds)
        self.ending.set()
        for thread in self.threads:
            thread.join(WAIT_SECONDS * 2)
        assert not any(thread.is_alive() for thread in self.threads), (
            "a client never got its answer"
        )
        return self.answers

    def _apply_on(self, place: int) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)
        number = 0
        while not self.ending.is_set():
            try:
                self._one_round(connection, place, number)
            except (OSError, HTTPException) as fault:
                self._refuse(f"no answer: {fault!r}")
                connection.close()
            number += 1
        connection.close()

    def _one_round(self, connection: HTTPConnection, place: int, number: int) -> None:
        shared = number % 5 == 0
        key = f"pair-{place // 2}-{number}" if shared else f"own-{place}-{number}"
        body = self._body(zlib.crc32(key.encode()) % PERSONS)
        made = self._post(connection, APPLICATIONS, body, key)
        if made is None:
            return
        with self.answers.lock:
            self.answers.by_key[key].append(made)
        if number % 5 == 1:
            self._withdraw(connection, made["cases"][0]["number"])

    def _withdraw(self, connection: HTTPConnection, case: str) -> None:
        if (
            self._post(
                connection, f"{CASES}{case}/withdraw_case/", {"note": "不办了", "wished": True}, ""
            )
            is None
        ):
            return
        with self.answers.lock:
            self.answers.withdrawn.append(case)

    def _body(self, person: int) -> dict[str, Any]:
        return {
            "point": self.point,
            "items": [{"code": self.item, "form": {"disability_kind": "肢体"}}],
            "applicant": {"name": "李四", "id_number": valid_id(person), "mobile": "13837212345"},
            "materials": [{"name": "居民身份证"}, {"name": "残疾人证申请表"}],
        }

    def _post(
        self, connection: HTTPConnection, path: str, body: dict[str, Any], key: str
    ) -> dict[str, Any] | None:
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        began = time.monotonic()
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        with self.answers.lock:
            self.answers.seconds.append(time.monotonic() - began)
        if answer.status // 100 != 2 or "locked" in text:
            self._refuse(f"{answer.status} {path} {text[:300]}")
            return None
        return json.loads(text)

    def _refuse(self, what: str) -> None:
        with self.answers.lock:
            self.answers.refused.append(what)
