"""The runner: keys once, one copy, restarts, and no orphan whatever happens."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.environment import BASE_DIR, Environment
from config.runner import house
from config.runner.keys import fresh_keys, make_keys_once
from config.runner.lock import only_copy
from config.runner.processes import Child
from config.runner.supervisor import Supervisor

SLEEPER = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
WITH_GRANDCHILD = (
    "import subprocess, sys, time; "
    f"print(subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]).pid, flush=True); "
    "time.sleep(600)"
)


def running(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(true: Callable[[], object], seconds: float = 15) -> bool:
    """Whether ``true()`` holds within the time."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(true())


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    """Children that run a line of Python; none outlives the test."""
    made: list[Child] = []

    def make(code: str) -> Child:
        log = tmp_path / f"{len(made)}.log"
        made.append(Child("child", [sys.executable, "-c", code], os.environ, log, tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.kill()


def test_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    assert make_keys_once(tmp_path)
    file = tmp_path / "keys.env"
    first = file.read_text(encoding="ascii")
    assert file.stat().st_mode & 0o777 == 0o600
    assert not make_keys_once(tmp_path)
    assert file.read_text(encoding="ascii") == first
    env = Environment(_env_file=file, production=True, allowed_hosts="x")
    assert env.production_faults() == []


def test_a_second_copy_is_told_where_the_first_runs(tmp_path: Path) -> None:
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(only_copy(tmp_path, "http://127.0.0.1:8000"))
        with pytest.raises(SystemExit, match=r"http://127\.0\.0\.1:8000"):
            second.enter_context(only_copy(tmp_path, "http://127.0.0.1:9000"))
        first.close()
        second.enter_context(only_copy(tmp_path, "http://127.0.0.1:9000"))


def test_a_busy_port_gives_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"PORT=8001 make run .*{port} is in use"):
            house.refuse_busy_port(Environment(port=port))


def test_a_dead_child_is_started_again(child: Callable[[str], Child]) -> None:
    supervisor = Supervisor([child(SLEEPER)])
    supervisor.start()
    first = supervisor.children[0].pid
    watcher = threading.Thread(target=supervisor.watch)
    watcher.start()
    os.kill(first, signal.SIGKILL)
    came_back = eventually(lambda: supervisor.children[0].pid != first)
    supervisor.stop()
    watcher.join(5)
    assert came_back


def test_a_dead_childs_children_are_gone_before_it_restarts(
    child: Callable[[str], Child],
) -> None:
    parent = child(WITH_GRANDCHILD)
    supervisor = Supervisor([parent])
    supervisor.start()
    assert eventually(lambda: parent.log_file.read_text(encoding="ascii").strip())
    grandchild = int(parent.log_file.read_text(encoding="ascii"))
    os.kill(parent.pid, signal.SIGKILL)
    watcher = threading.Thread(target=supervisor.watch)
    watcher.start()
    gone = eventually(lambda: not running(grandchild))
    supervisor.stop()
    watcher.join(5)
    assert gone


def test_a_child_that_will_not_stop_is_stopped(child: Callable[[str], Child]) -> None:
    stubborn = child(STUBBORN)
    supervisor = Supervisor([stubborn, child(SLEEPER)])
    supervisor.start()
    time.sleep(0.5)
    before = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - before < 10
    assert not any(running(each.pid) for each in supervisor.children)


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = textwrap.dedent(f"""
        import os, time
        from pathlib import Path
        from config.runner.processes import Child
        child = Child("c", ["sleep", "600"], os.environ, Path({str(tmp_path / "log")!r}), Path("."))
        child.start()
        print(child.pid, flush=True)
        time.sleep(600)
    """)
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    orphan = int(parent.stdout.readline())
    assert running(orphan)
    parent.kill()
    parent.wait(5)
    assert eventually(lambda: not running(orphan))


def house_environment(tmp_path: Path, port: int) -> dict[str, str]:
    """A house in production mode, so that no sample is loaded."""
    keep = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    production = {"PRODUCTION": "1", "TLS": "0", "ALLOWED_HOSTS": "127.0.0.1"}
    folder = {"VAR_DIR": str(tmp_path / "var"), "HOME": str(tmp_path), "PORT": str(port)}
    return {**keep, **fresh_keys(), **production, **folder}


def descendants(pid: int) -> list[int]:
    """Every process below ``pid``."""
    below: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child_pid in task.read_text(encoding="ascii").split():
            below += [int(child_pid), *descendants(int(child_pid))]
    return below


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_house_opens_serves_and_leaves_nothing_behind(
    tmp_path: Path, end: signal.Signals
) -> None:
    port = free_port()
    log = (tmp_path / "said").open("w+", encoding="utf-8")
    runner = subprocess.Popen(
        [sys.executable, "-m", "config.runner"],
        cwd=BASE_DIR,
        env=house_environment(tmp_path, port),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    said = lambda: (tmp_path / "said").read_text(encoding="utf-8")  # noqa: E731
    try:
        assert eventually(lambda: "Ctrl-C" in said() or runner.poll() is not None, 120), said()
        assert "Ctrl-C" in said(), said()
        family = descendants(runner.pid)
        assert len(family) >= 5  # web, two web workers, worker, beat
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/admin/login/")
        page = connection.getresponse()
        assert page.status == 200
        assert "default-src 'self'" in str(page.getheader("Content-Security-Policy"))
        runner.send_signal(end)
        runner.wait(15)
        assert eventually(lambda: not any(running(pid) for pid in family), 10)
    finally:
        runner.kill()
        runner.wait(5)
        log.close()


def test_a_preparation_that_fails_says_so_and_starts_nothing(tmp_path: Path) -> None:
    environment = {
        **house_environment(tmp_path, free_port()),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    }
    run = subprocess.run(
        [sys.executable, "-m", "config.runner"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 1
    assert "The database can't be used" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
