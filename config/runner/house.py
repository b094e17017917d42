"""The three children of one house and what must be true before they start."""

import os
import signal
import socket
import subprocess
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from config.environment import BASE_DIR, Environment
from config.runner.processes import Child, dying_with
from config.runner.supervisor import Supervisor
from config.runner.words import SAMPLE_STANDS, refuse

OPEN_WITHIN_SECONDS: Final = 60.0
HERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - only to say where to look


def address(env: Environment) -> str:
    """Where a browser on this machine finds the house."""
    return f"http://{HERE.get(env.bind, env.bind)}:{env.port}"


def refuse_busy_port(env: Environment) -> None:
    """Pass if nobody listens on the port.

    Raises:
        SystemExit: somebody does.
    """
    family = socket.AF_INET6 if ":" in env.bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env.bind, env.port))
        except OSError:
            raise refuse("port", env.port) from None


def prepare(environment: dict[str, str]) -> bool:
    """The database stands ready; True if it holds the sample accounts.

    Raises:
        SystemExit: it does not; the reason has been said.
    """
    command = [sys.executable, str(BASE_DIR / "manage.py"), "prepare_district"]
    code = subprocess.run(
        command,
        env=environment,
        cwd=BASE_DIR,
        check=False,
        preexec_fn=dying_with(os.getpid(), signal.SIGTERM),
    ).returncode
    if code not in {0, SAMPLE_STANDS}:
        raise SystemExit(code if code > 0 else refuse("failed").code)
    return code == SAMPLE_STANDS


def children(env: Environment, var_dir: Path, environment: dict[str, str]) -> list[Child]:
    """Web, worker and beat, not yet started."""
    logs = var_dir / "logs"
    commands = {
        "web": _web(env),
        "worker": _worker(env),
        "beat": _celery("beat", "-s", str(var_dir / "beat-schedule")),
    }
    # The web parent must hear of it in good order, for it has processes of its own;
    # the other two lose nothing by a hard end: the database is the truth.
    signals = {"web": signal.SIGTERM}
    return [
        Child(
            name,
            command,
            environment,
            logs / f"{name}.log",
            BASE_DIR,
            death_signal=signals.get(name, signal.SIGKILL),
        )
        for name, command in commands.items()
    ]


def _web(env: Environment) -> list[str]:
    bind = f"[{env.bind}]:{env.port}" if ":" in env.bind else f"{env.bind}:{env.port}"
    options = {
        "--bind": bind,
        "--workers": str(env.web_workers),
        "--worker-class": "gthread",
        "--threads": "4",
        "--timeout": "60",
        "--graceful-timeout": "5",
    }
    flags = ["--preload", "--no-control-socket"]
    if os.path.isdir("/dev/shm"):  # noqa: PTH112, S108 - heartbeats must not wait for a disk
        flags += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    pairs = [part for pair in options.items() for part in pair]
    return [sys.executable, "-m", "gunicorn", "config.wsgi", *pairs, *flags]


def _worker(env: Environment) -> list[str]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    threads = str(env.worker_threads)
    return _celery("worker", "--pool", "threads", "--concurrency", threads, *quiet)


def _celery(command: str, *options: str) -> list[str]:
    head = [sys.executable, "-m", "celery", "-A", "config", command]
    return [*head, "--loglevel", "INFO", *options]


def wait_until_open(env: Environment, supervisor: Supervisor) -> None:
    """Return once the web server answers.

    Raises:
        SystemExit: it doesn't, or a child died at once.
    """
    end = time.monotonic() + OPEN_WITHIN_SECONDS
    while not supervisor.stopping.wait(0.2):
        for child in supervisor.children:
            if not child.alive():
                raise refuse("child", f"{child.name} ({child.log_file})")
        if _answers(env):
            return
        if time.monotonic() > end:
            raise refuse("child", supervisor.children[0].log_file)


def _answers(env: Environment) -> bool:
    # Red (503) is an answer too, for the first sweep is still to come; so is 400 where a real
    # house doesn't serve this host name.
    connection = HTTPConnection(HERE.get(env.bind, env.bind).strip("[]"), env.port, timeout=5)
    try:
        connection.request("GET", "/healthz/")
        return connection.getresponse().status != HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
