"""A child process that does something and is killed while it does it."""

import os
from collections.abc import Callable
from typing import Any

from asgiref.local import Local
from django.db import connections


def signal_that_ended(act: Callable[[], Any]) -> int:
    """The number of the signal that ended a child process which did ``act``; 0 if none did."""
    connections.close_all()
    if child := os.fork():
        return os.WTERMSIG(os.waitpid(child, 0)[1])
    # Beside Playwright's loop Django keeps a second set of connections, which the child finds
    # and the parent doesn't close: it would write through its parent's socket.
    connections._connections = Local(connections.thread_critical)  # type: ignore[attr-defined]
    try:
        act()
    finally:
        os._exit(0)
