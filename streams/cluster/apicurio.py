"""Apicurio Registry on loopback, as a Confluent-compatible schema registry that keeps everything in memory.

For tests, and for trying out ``--format avro --registry URL``: ``python -m streams.cluster.apicurio``.
"""

import argparse
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import TracebackType

from streams.cluster.distribution import APICURIO, resolve
from streams.cluster.processes import Scratch, free_ports
from streams.exits import BrokerUnavailableError, GreenroomError

__all__ = ["Apicurio", "main"]

_START_TIMEOUT_S = 90.0
_LOOK_EVERY_S = 0.2
_TAIL_CHARACTERS = 2000
_LOG = "apicurio.log"


class Apicurio:
    """A registry, a Java process, for as long as ``with`` lasts; what it holds is gone afterwards.

    >>> with Apicurio() as registry:  # doctest: +SKIP
    ...     registry.url
    'http://127.0.0.1:40123/apis/ccompat/v7'
    """

    def __init__(self, *, port: int = 0, heap: str = "192m") -> None:
        """``port`` 0 takes a free one."""
        self.port = port or free_ports(1)[0]
        self._heap = heap

    @property
    def url(self) -> str:
        """The address of its Confluent-compatible interface."""
        return f"http://127.0.0.1:{self.port}/apis/ccompat/v7"

    def __enter__(self) -> "Apicurio":
        (program,) = resolve(APICURIO).glob("*-runner.jar")
        self._scratch = Scratch()
        options = [
            f"-Xmx{self._heap}",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dquarkus.http.host=127.0.0.1",
            f"-Dquarkus.http.port={self.port}",
        ]
        try:
            self._process = self._scratch.start(["java", *options, "-jar", str(program)], log=_LOG)
            self._wait(self._process)
        except BaseException:
            self._scratch.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scratch.close()

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                said = (self._scratch.folder / _LOG).read_text(errors="replace")[-_TAIL_CHARACTERS:]
                raise BrokerUnavailableError(f"Apicurio Registry did not start; the end of its log:\n{said}")
            time.sleep(_LOOK_EVERY_S)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/subjects", timeout=5.0) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def main() -> int:
    """Run a registry in the foreground until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m streams.cluster.apicurio", description="A schema registry on loopback, until Ctrl-C."
    )
    parser.add_argument("--port", type=int, default=8081, help="where it answers (default 8081)")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Apicurio(port=given.port) as registry:
            print(
                f"Apicurio Registry is at {registry.url} (--registry {registry.url}); Ctrl-C ends it.",
                flush=True,
            )
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except GreenroomError as error:
        print(f"apicurio: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
