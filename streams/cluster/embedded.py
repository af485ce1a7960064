"""The embedded broker: a Kafka-protocol server that comes with pip, on loopback, gone when the program is."""

import os
import time
from importlib.resources import files
from pathlib import Path
from types import TracebackType

import psutil
from confluent_kafka.admin import AdminClient, NewTopic

from streams.cluster.availability import REMEDIES, wait_for_broker
from streams.cluster.processes import Scratch, free_ports
from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings

__all__ = ["EmbeddedBroker"]

_LOG = "broker.log"
_START_TIMEOUT_S = 15.0
_SAVING_STALLS_S = 1.05
# glibc gives freed batches back to the system only if it keeps them out of its arenas.
_ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "131072"}


class EmbeddedBroker:
    """A broker (noida-db) in a scratch folder, for as long as the ``with`` block lasts.

    >>> with EmbeddedBroker() as broker:
    ...     broker.settings.bootstrap == f"127.0.0.1:{broker.port}"
    True
    """

    def __init__(self, *, port: int = 0) -> None:
        """``port`` 0 takes a free one."""
        self.port = port or free_ports(1)[0]
        self.settings = ClusterSettings(bootstrap=f"127.0.0.1:{self.port}")

    @property
    def bootstrap(self) -> str:
        """The broker's address, ``host:port``."""
        return self.settings.bootstrap

    @property
    def pid(self) -> int:
        """The broker's process id."""
        return self._process.pid

    @property
    def folder(self) -> Path:
        """The scratch folder that holds the broker's data and log."""
        return self._scratch.folder

    def resident_bytes(self) -> int:
        """Physical memory of the broker and of what it started; 0 when it is gone."""
        try:
            broker = psutil.Process(self.pid)
            return sum(process.memory_info().rss for process in (broker, *broker.children(recursive=True)))
        except psutil.NoSuchProcess:
            return 0

    def data_bytes(self) -> int:
        """Size of the files in the scratch folder, which may be in memory too."""
        return sum(entry.stat(follow_symlinks=False).st_size for entry in os.scandir(self._scratch.folder))

    def is_running(self) -> bool:
        """Whether the broker's process is alive."""
        return self._process.poll() is None

    def __enter__(self) -> "EmbeddedBroker":
        binary = _binary()
        self._scratch = Scratch(in_memory=True)
        try:
            self._start(binary)
        except BaseException:
            self._scratch.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scratch.close()

    def _start(self, binary: Path) -> None:
        data = self._scratch.folder
        _stall_snapshots(data)
        command = [str(binary), "start", "--data-dir", str(data), "--only", "kafka"]
        command += ["--kafka-port", str(self.port), "--host", "127.0.0.1"]
        try:
            self._process = self._scratch.start(command, log=_LOG, environ=_ALLOCATOR)
        except OSError as error:
            raise BrokerUnavailableError(_cannot_run(str(error))) from error
        try:
            wait_for_broker(self.settings, timeout_s=_START_TIMEOUT_S, alive=self.is_running)
        except BrokerUnavailableError as error:
            said = (data / _LOG).read_text(errors="replace").strip()
            raise BrokerUnavailableError(_cannot_run(said or str(error))) from error
        self._settle()

    def _settle(self) -> None:
        """Give the saving thread something to save, and wait for it while that is next to nothing."""
        client = AdminClient({**self.settings.librdkafka(), "log_level": 0})
        client.create_topics([NewTopic("settling", 1, 1)])["settling"].result(_START_TIMEOUT_S)
        client.delete_topics(["settling"])["settling"].result(_START_TIMEOUT_S)
        time.sleep(_SAVING_STALLS_S)


def _binary() -> Path:
    """The server's binary, executable (an installer may have dropped the bit)."""
    name = "noida-db.exe" if os.name == "nt" else "noida-db"
    try:
        binary = Path(str(files("noida_db").joinpath(name)))
    except ModuleNotFoundError:
        binary = Path(name)
    if not binary.is_file():
        raise BrokerUnavailableError(_cannot_run("the package noida-db holds no binary for this platform"))
    if not os.access(binary, os.X_OK):
        binary.chmod(binary.stat().st_mode | 0o111)
    return binary


def _stall_snapshots(data: Path) -> None:
    """Keep the server from saving its data as JSON, every second, to a file that nobody will read.

    It serialises everything to memory, four bytes for one, then opens ``kafka.tmp``. That is a pipe without a
    reader here: the saving thread waits there for good, with its first snapshot, and all others go on.
    """
    if hasattr(os, "mkfifo"):
        os.mkfifo(data / "kafka.tmp")


def _cannot_run(reason: str) -> str:
    return f"the embedded broker does not start here: {reason}\n{REMEDIES}"
