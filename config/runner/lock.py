"""One runner a folder: a lock that vanishes with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.runner.words import refuse


@contextmanager
def only_copy(var_dir: Path, address: str) -> Iterator[None]:
    """Inside the block no other runner starts on ``var_dir``.

    Raises:
        SystemExit: another one already runs.
    """
    handle = os.open(var_dir / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise refuse("second", os.read(handle, 200).decode(errors="replace")) from None
    try:
        os.ftruncate(handle, 0)
        os.write(handle, address.encode())
        yield
    finally:
        os.close(handle)
