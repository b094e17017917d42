"""Servers as a broker must not be."""

import socket
from contextlib import suppress
from threading import Thread


class HungServer:
    """Takes every connection and never says a word; counts them."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self._taken: list[socket.socket] = []
        self._thread = Thread(target=self._take_on, daemon=True)
        self._thread.start()

    @property
    def connections(self) -> int:
        """How often somebody tried."""
        return len(self._taken)

    def _take_on(self) -> None:
        with suppress(OSError):
            while True:
                self._taken.append(self._listener.accept()[0])

    def close(self) -> None:
        """Nobody is held any longer."""
        for taken in (self._listener, *self._taken):
            with suppress(OSError):
                taken.shutdown(socket.SHUT_RDWR)
            taken.close()


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
