"""Server processes that end with the program, and the scratch folder that they keep their data in."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from streams.cluster import warden

__all__ = ["Scratch", "free_ports"]

_MEMORY_FOLDER = Path("/dev/shm")
_ROOM_BYTES = 2 * 1024**3


class Scratch:
    """A folder and the server processes in it: both are gone when the program is, even if it is killed.

    Processes get a session of their own: Ctrl-C in a terminal reaches the program alone, which drains first.

    >>> with Scratch() as scratch:
    ...     server = scratch.start(["sleep", "60"], log="sleep.log")
    >>> server.returncode, scratch.folder.exists()
    (-9, False)
    """

    def __init__(self, *, in_memory: bool = False) -> None:
        """Make the folder; ``in_memory`` keeps it in shared memory if there is 2 GB of room, else on disk."""
        parent = _MEMORY_FOLDER if in_memory and _has_room(_MEMORY_FOLDER) else None
        self.folder = Path(tempfile.mkdtemp(prefix="greenroom-", dir=parent))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._warden = subprocess.Popen(
            [sys.executable, "-I", "-S", warden.__file__, str(os.getpid()), str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def start(
        self, command: Sequence[str], *, log: str, environ: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process in the folder, its output going to the file ``log`` there."""
        with (self.folder / log).open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=None if environ is None else {**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._tell(f"+{process.pid}\n")
        self._processes.append(process)
        return process

    def stop(self, process: subprocess.Popen[bytes], *, patience_s: float = 0.0) -> None:
        """End a process: politely if given some patience, then by force."""
        if patience_s:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience_s)
        process.kill()
        process.wait()
        self._tell(f"-{process.pid}\n")
        self._processes.remove(process)

    def close(self) -> None:
        """End every process and remove the folder."""
        for process in list(self._processes):
            self.stop(process)
        self._tell("end\n")
        self._warden.wait()
        assert self._warden.stdin is not None
        self._warden.stdin.close()

    def _tell(self, line: str) -> None:
        assert self._warden.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # the warden may have been killed too
            os.write(self._warden.stdin.fileno(), line.encode())

    def __enter__(self) -> "Scratch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def free_ports(count: int) -> list[int]:
    """Loopback ports that nothing listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [taken.getsockname()[1] for taken in sockets]
    finally:
        for taken in sockets:
            taken.close()


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ROOM_BYTES
