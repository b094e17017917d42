"""``python -m config.runner``: from an empty folder to an open house."""

import os
import signal
import sys
import time
from pathlib import Path

from config.environment import Environment, RefusedToStart, load
from config.runner import house
from config.runner.keys import make_keys_once
from config.runner.lock import only_copy
from config.runner.supervisor import Supervisor
from config.runner.words import refuse, say, say_ready


def _folder(env: Environment) -> Path:
    var_dir = env.var_dir.resolve()
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        (var_dir / ".probe").touch()
        (var_dir / ".probe").unlink()
    except OSError:
        raise refuse("folder", var_dir) from None
    return var_dir


def _stop_on_signals(supervisor: Supervisor) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: supervisor.stopping.set())


def _serve(env: Environment, var_dir: Path, started: float) -> None:
    environment = {**os.environ, "VAR_DIR": str(var_dir), "PYTHONUNBUFFERED": "1"}
    sample = house.prepare(environment)
    supervisor = Supervisor(house.children(env, var_dir, environment))
    _stop_on_signals(supervisor)
    try:
        supervisor.start()
        house.wait_until_open(env, supervisor)
        if not supervisor.stopping.is_set():
            say_ready(house.address(env), sample=sample, seconds=time.monotonic() - started)
        supervisor.watch()
    finally:
        supervisor.stop()
        say("已停止  Stopped")


def main() -> None:
    """The house is open until told to stop.

    Raises:
        SystemExit: it can't be opened; the message is one line.
    """
    started = time.monotonic()
    try:
        env = load()
    except RefusedToStart as refusal:
        raise SystemExit(str(refusal)) from None
    var_dir = _folder(env)
    with only_copy(var_dir, house.address(env)):
        house.refuse_busy_port(env)
        if not env.production and make_keys_once(var_dir):
            say(f"已生成密钥  Made keys: {var_dir / 'keys.env'}")
        _serve(env, var_dir, started)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
