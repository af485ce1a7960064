"""Server processes and their folder end with the program, whatever else holds on to it."""

import multiprocessing
import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from streams.cluster.processes import Scratch, free_ports


def _until(holds, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(holds())


def _gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_processes_and_folder_are_gone_at_the_end() -> None:
    with Scratch() as scratch:
        server = scratch.start(["sleep", "60"], log="server.log")
        assert scratch.folder.is_dir()
        assert server.poll() is None
    assert server.returncode == -signal.SIGKILL
    assert not scratch.folder.exists()


def test_a_process_that_is_stopped_politely_may_finish() -> None:
    with Scratch() as scratch:
        script = "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done"
        server = scratch.start(["sh", "-c", script], log="server.log")
        log = scratch.folder / "server.log"
        assert _until(lambda: "up" in log.read_text())
        scratch.stop(server, patience_s=10.0)
        assert "bye" in log.read_text()
    assert server.returncode == 3


def test_a_process_that_does_not_listen_is_ended_by_force() -> None:
    with Scratch() as scratch:
        server = scratch.start(
            ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.05; done"], log="server.log"
        )
        assert _until(lambda: "up" in (scratch.folder / "server.log").read_text())
        scratch.stop(server, patience_s=0.2)
    assert server.returncode == -signal.SIGKILL


def test_shared_memory_is_used_only_when_asked_for() -> None:
    with Scratch() as on_disk:
        assert not on_disk.folder.is_relative_to("/dev/shm")


def _hold_on(ready: Connection) -> None:
    ready.send(os.getpid())
    time.sleep(60)


def _run_and_fork(tell: Connection) -> None:
    with Scratch() as scratch:
        server = scratch.start(["sleep", "60"], log="server.log")
        here, there = multiprocessing.Pipe()
        worker = multiprocessing.get_context("fork").Process(target=_hold_on, args=(there,))
        worker.start()
        tell.send((server.pid, here.recv(), str(scratch.folder)))
        time.sleep(60)


def test_a_killed_program_takes_its_servers_along_though_a_worker_lives_on() -> None:
    here, there = multiprocessing.Pipe()
    program = multiprocessing.get_context("spawn").Process(target=_run_and_fork, args=(there,))
    program.start()
    server, worker, folder = here.recv()
    try:
        program.kill()
        program.join()
        assert _until(lambda: _gone(server))
        assert _until(lambda: not Path(folder).exists())
        assert not _gone(worker)
    finally:
        os.kill(worker, signal.SIGKILL)
        program.close()
        here.close()
        there.close()


def test_free_ports_differ() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert all(port > 1023 for port in ports)
