"""Apache Kafka itself (KRaft) on loopback: one node or a few, with Java, for tests and for ``make kafka``."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from streams.cluster.availability import wait_for_broker
from streams.cluster.distribution import java_command, resolve
from streams.cluster.processes import Scratch, free_ports
from streams.exits import BrokerUnavailableError, GreenroomError
from streams.settings import ClusterSettings

__all__ = ["ApacheKafka", "main"]

_CLUSTER_ID = "Z3JlZW5yb29tLWthZmthMQ"
_START_TIMEOUT_S = 90.0
_TAIL_CHARACTERS = 2000


@dataclass(frozen=True)
class _Node:
    """One combined broker and controller: its id and its two ports."""

    id: int
    port: int
    controller_port: int

    @property
    def log(self) -> str:
        return f"node-{self.id}.log"

    @property
    def properties(self) -> str:
        return f"node-{self.id}.properties"


class ApacheKafka:
    """A cluster of combined brokers and controllers, each a Java process, for as long as ``with`` lasts.

    Nodes have the ids 1, 2, …; with three or more, topics that ask for it survive the loss of one.

    >>> with ApacheKafka(nodes=3) as kafka:  # doctest: +SKIP
    ...     kafka.kill(2)
    ...     kafka.restart(2)
    """

    def __init__(
        self,
        *,
        nodes: int = 1,
        port: int = 0,
        properties: Mapping[str, str] | None = None,
        heap: str = "512m",
        java_options: tuple[str, ...] = (),
        in_memory: bool = False,
    ) -> None:
        """``port`` is the first node's, others follow; 0 takes free ones. ``properties`` go to every node."""
        free = free_ports(2 * nodes)
        ports = [port + i for i in range(nodes)] if port else free[:nodes]
        self.nodes = [_Node(i + 1, ports[i], free[nodes + i]) for i in range(nodes)]
        self.settings = ClusterSettings(bootstrap=",".join(f"127.0.0.1:{node.port}" for node in self.nodes))
        self._given, self._in_memory = dict(properties or {}), in_memory
        self._options = (f"-Xmx{heap}", "-XX:+UseSerialGC", "-Djava.awt.headless=true", *java_options)
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def bootstrap(self) -> str:
        """The addresses of all nodes, separated by commas."""
        return self.settings.bootstrap

    def pid(self, node: int) -> int:
        """The process id of a running node."""
        return self._running[node].pid

    def log(self, node: int) -> Path:
        """The file that a node logs to."""
        return self._scratch.folder / self._node(node).log

    def kill(self, node: int) -> None:
        """End a node at once (SIGKILL), as a crash does; its data stays."""
        self._scratch.stop(self._running.pop(node))

    def stop(self, node: int) -> None:
        """End a node in good order (SIGTERM): it hands its partitions over first."""
        self._scratch.stop(self._running.pop(node), patience_s=30.0)

    def restart(self, node: int, *, wait: bool = True) -> None:
        """Start a node that was killed or stopped, with its data, and wait until it answers."""
        self._start(self._node(node))
        if wait:
            self._wait()

    def __enter__(self) -> "ApacheKafka":
        self._jars = resolve()
        self._scratch = Scratch(in_memory=self._in_memory)
        try:
            self._format()
            for node in self.nodes:
                self._start(node)
            self._wait()
        except BaseException:
            self._scratch.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scratch.close()

    def _node(self, node: int) -> _Node:
        return self.nodes[node - 1]

    def _format(self) -> None:
        """Write each node's properties and initialise its storage."""
        formatting = []
        for node in self.nodes:
            lines = [f"{name}={value}" for name, value in self._properties(node).items()]
            (self._scratch.folder / node.properties).write_text("\n".join(lines) + "\n")
            formatting.append(
                self._run(node, "kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", node.properties)
            )
        for node, process in zip(self.nodes, formatting, strict=True):
            failed = process.wait()
            self._scratch.stop(process)
            if failed:
                raise self._did_not_start(node)

    def _start(self, node: _Node) -> None:
        self._running[node.id] = self._run(node, "kafka.Kafka", node.properties)

    def _run(self, node: _Node, main_class: str, *arguments: str) -> subprocess.Popen[bytes]:
        return self._scratch.start(
            java_command(self._jars, main_class, *arguments, options=self._options), log=node.log
        )

    def _wait(self) -> None:
        """Ask every running node itself: the others may not yet have noticed that it was gone."""
        for node in (self._node(number) for number in sorted(self._running)):
            alone = ClusterSettings(bootstrap=f"127.0.0.1:{node.port}")
            try:
                wait_for_broker(alone, _START_TIMEOUT_S, brokers=len(self._running), alive=self._all_alive)
            except BrokerUnavailableError as error:
                raise self._did_not_start(self._first_dead() or node) from error

    def _first_dead(self) -> _Node | None:
        return next(
            (self._node(number) for number, process in self._running.items() if process.poll() is not None),
            None,
        )

    def _all_alive(self) -> bool:
        return self._first_dead() is None

    def _did_not_start(self, node: _Node) -> BrokerUnavailableError:
        said = self.log(node.id).read_text(errors="replace")[-_TAIL_CHARACTERS:]
        return BrokerUnavailableError(
            f"Apache Kafka's node {node.id} did not start; the end of its log:\n{said}"
        )

    def _properties(self, node: _Node) -> dict[str, str]:
        replicas = min(3, len(self.nodes))
        in_sync = str(max(1, replicas - 1))
        return {
            "process.roles": "broker,controller",
            "node.id": str(node.id),
            "controller.quorum.voters": ",".join(f"{n.id}@127.0.0.1:{n.controller_port}" for n in self.nodes),
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{node.port}",
            "log.dirs": f"data-{node.id}",
            "auto.create.topics.enable": "false",
            "default.replication.factor": str(replicas),
            "offsets.topic.replication.factor": str(replicas),
            "offsets.topic.num.partitions": "8",
            "transaction.state.log.replication.factor": str(replicas),
            "transaction.state.log.min.isr": in_sync,
            "transaction.state.log.num.partitions": "8",
            "group.initial.rebalance.delay.ms": "0",
            **self._given,
        }


def main() -> int:
    """Run a cluster in the foreground until Ctrl-C: what ``make kafka`` does."""
    parser = argparse.ArgumentParser(
        prog="python -m streams.cluster.apache", description="Apache Kafka on loopback, until Ctrl-C."
    )
    parser.add_argument(
        "--nodes", type=int, default=1, choices=range(1, 10), metavar="N", help="how many (default 1)"
    )
    parser.add_argument(
        "--port", type=int, default=9092, help="of the first node; others follow (default 9092)"
    )
    parser.add_argument("--heap", default="1g", help="Java heap of each node (default 1g)")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ApacheKafka(nodes=given.nodes, port=given.port, heap=given.heap) as kafka:
            print(
                f"Apache Kafka is at {kafka.bootstrap} (--broker {kafka.bootstrap}); Ctrl-C ends it.",
                flush=True,
            )
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except GreenroomError as error:
        print(f"make kafka: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
