"""The other side of a channel: a web server and a mail server that really answer, or don't."""

import json
import socket
import socketserver
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from notifications.choices import Channel
from notifications.models import ContactPoint
from notifications.services import settle_contact
from organisations.models import User


class _Hook(BaseHTTPRequestHandler):
    server: "Webhook"

    def do_POST(self) -> None:
        """Keep what came and answer as told."""
        length = int(self.headers.get("Content-Length", "0"))
        status = self.server.take(json.loads(self.rfile.read(length)))
        self.server.asked.append(self.path)
        with suppress(OSError):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(self.server.answer)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class Webhook(ThreadingHTTPServer):
    """Takes JSON and answers 200, or the given statuses first; ``then`` runs before the answer."""

    daemon_threads = True

    def __init__(self, *statuses: int, then: Callable[[], None] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.taken: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.answer = b""
        self._statuses, self._then = list(statuses), then
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def template(self) -> str:
        """Its address as the settings hold it."""
        return f"json://127.0.0.1:{self.server_port}/in?:recipient={{address}}"

    def take(self, message: dict[str, Any]) -> int:
        """The message is kept; how to answer."""
        self.taken.append(message)
        if self._then:
            self._then()
        return self._statuses.pop(0) if self._statuses else 200

    def close(self) -> None:
        """It answers no more."""
        self.shutdown()
        self.server_close()


class _Mail(socketserver.StreamRequestHandler):
    server: "MailSink"

    def handle(self) -> None:
        """Speak as much SMTP as one message needs."""
        self._say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()[:4]
            if verb == "DATA":
                self._say("354 go on")
                self.server.taken.append(self._text())
            if verb == "RCPT":
                self.server.recipients.append(line)
            self._say("221 bye" if verb == "QUIT" else "250 fine")
            if verb == "QUIT":
                return

    def _text(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()).rstrip("\r\n") != ".":
            lines.append(line)
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailSink(socketserver.ThreadingTCPServer):
    """Takes mail on this machine and keeps it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Mail)
        self.taken: list[str] = []
        self.recipients: list[str] = []
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def template(self) -> str:
        """Its address as the settings hold it."""
        port = self.server_address[1]
        return f"mailto://127.0.0.1:{port}?mode=insecure&from=yichuang@bg.gov.cn&to={{address}}"

    def close(self) -> None:
        """It answers no more."""
        self.shutdown()
        self.server_close()


class HungHook:
    """Takes every connection and never answers."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)

    @property
    def template(self) -> str:
        """Its address as the settings hold it."""
        port = self._listener.getsockname()[1]
        return f"json://127.0.0.1:{port}/in?:recipient={{address}}"

    def close(self) -> None:
        """Nobody is held any longer."""
        self._listener.close()


def reached_by(
    user: User, channel: str = Channel.WEBHOOK, address: str = "robot-7"
) -> ContactPoint:
    """The person is reached on the channel."""
    return settle_contact(user=user, channel=channel, address=address)


def wait_for(true: Callable[[], Any], seconds: float = 10) -> None:
    """Return once ``true()`` holds; fail if it never does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)
