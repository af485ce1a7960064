"""What tests run against: real Kafka as this machine offers it, the embedded broker, private clusters."""

import gc
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from streams.cluster.apache import ApacheKafka
from streams.cluster.availability import wait_for_broker
from streams.cluster.distribution import missing_tools
from streams.cluster.embedded import EmbeddedBroker
from streams.cluster.processes import free_ports
from streams.exits import BrokerUnavailableError
from streams.settings import ClusterSettings

IMAGE = "apache/kafka:4.3.1"
QUICK_STARTING = ("-XX:TieredStopAtLevel=1",)
LOOKING_OFTEN = {"log.retention.check.interval.ms": "500", "log.initial.task.delay.ms": "500"}
NOTICING_SOON = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"}
BROKER_FIXTURES = {"broker", "real_broker", "embedded_broker", "apache_kafka"}


class NotHereError(Exception):
    """This machine does not offer such a broker, and why."""


@dataclass(frozen=True)
class Choice:
    """The broker that stands for real Kafka in this session, and what was passed over for it."""

    name: str
    settings: ClusterSettings
    passed_over: tuple[str, ...]

    def __str__(self) -> str:
        why = f" (passed over: {'; '.join(self.passed_over)})" if self.passed_over else ""
        return f"real Kafka for the tests: {self.name} at {self.settings.bootstrap}{why}"


CHOICE = pytest.StashKey[Choice]()
TOLD: set[str] = set()
"""What worker processes told of the broker that stood for real Kafka."""


@contextmanager
def _named() -> Iterator[ClusterSettings]:
    if not (bootstrap := os.environ.get("GREENROOM_BROKER")):
        raise NotHereError("not set")
    settings = ClusterSettings.from_environment(bootstrap)
    wait_for_broker(settings, 30.0)
    yield settings


@contextmanager
def _container() -> Iterator[ClusterSettings]:
    if not _engine_answers():
        raise NotHereError("no container engine answers")
    from testcontainers.core.container import DockerContainer

    (port,) = free_ports(1)
    with DockerContainer(IMAGE).with_bind_ports(port, port).with_envs(**_environ(port)) as container:
        settings = ClusterSettings(bootstrap=f"{container.get_container_host_ip()}:{port}")
        wait_for_broker(settings, 60.0)
        yield settings


def _engine_answers() -> bool:
    import docker

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # its client forgets the socket that was refused
        try:
            docker.from_env(timeout=3).close()
        except docker.errors.DockerException:
            answers = False
        else:
            answers = True
        gc.collect()
    return answers


def _environ(port: int) -> dict[str, str]:
    """Settings of the image's single node; it advertises the port that is bound on the host."""
    properties = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": "1@localhost:9093",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "listeners": f"PLAINTEXT://:{port},CONTROLLER://:9093",
        "advertised.listeners": f"PLAINTEXT://localhost:{port}",
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        **LOOKING_OFTEN,
    }
    return {f"KAFKA_{name.replace('.', '_').upper()}": value for name, value in properties.items()}


@contextmanager
def _apache() -> Iterator[ClusterSettings]:
    if missing := missing_tools():
        raise NotHereError(f"no {', no '.join(missing)}")
    with ExitStack() as stack:
        kafka = ApacheKafka(properties=LOOKING_OFTEN, java_options=QUICK_STARTING, in_memory=True)
        try:
            stack.enter_context(kafka)
        except BrokerUnavailableError as error:
            raise NotHereError(str(error).splitlines()[0]) from error
        yield kafka.settings


@contextmanager
def _embedded() -> Iterator[ClusterSettings]:
    with EmbeddedBroker() as broker:
        yield broker.settings


CANDIDATES: tuple[tuple[str, Callable[[], AbstractContextManager[ClusterSettings]]], ...] = (
    ("GREENROOM_BROKER", _named),
    (f"a container of {IMAGE}", _container),
    ("Apache Kafka by Maven and Java", _apache),
    ("the embedded broker", _embedded),
)


def _choose(stack: ExitStack) -> Choice:
    passed_over: list[str] = []
    for name, start in CANDIDATES:
        try:
            return Choice(name, stack.enter_context(start()), tuple(passed_over))
        except NotHereError as reason:
            passed_over.append(f"{name}: {reason}")
    raise AssertionError("the embedded broker is always here, or says why not")


@pytest.fixture(scope="session")
def real_broker(pytestconfig: pytest.Config) -> Iterator[ClusterSettings]:
    """Real Kafka: GREENROOM_BROKER, else a container, else Maven and Java, else the embedded broker."""
    with ExitStack() as stack:
        choice = _choose(stack)
        pytestconfig.stash[CHOICE] = choice
        yield choice.settings


@pytest.fixture(scope="session")
def embedded_broker() -> Iterator[ClusterSettings]:
    """The embedded broker, one for the session."""
    with _embedded() as settings:
        yield settings


@pytest.fixture(params=["embedded", "real"])
def broker(request: pytest.FixtureRequest) -> ClusterSettings:
    """Each broker in turn: the same test runs against the embedded one and against real Kafka."""
    settings: ClusterSettings = request.getfixturevalue(f"{request.param}_broker")
    return settings


@pytest.fixture
def apache_kafka() -> Iterator[Callable[..., ApacheKafka]]:
    """Starts private Apache Kafka clusters, whose nodes a test may kill and restart: ``start(nodes=3)``."""
    if missing := missing_tools():
        pytest.skip(f"a cluster to kill needs {', '.join(missing)}")
    with ExitStack() as stack:

        def start(nodes: int = 1, **properties: str) -> ApacheKafka:
            given = {**LOOKING_OFTEN, **NOTICING_SOON, **properties}
            kafka = ApacheKafka(nodes=nodes, properties=given, java_options=QUICK_STARTING, in_memory=True)
            return stack.enter_context(kafka)

        yield start


_runs = count(1)


@pytest.fixture
def run_name() -> str:
    """A run's name that no other test and no other session has used."""
    return f"test-{os.getpid()}-{os.urandom(3).hex()}-{next(_runs)}"


def pytest_configure(config: pytest.Config) -> None:
    """Let kafka-python read its schemas in the way that Python 3.11 and 3.12 deprecate and 3.13 allows."""
    config.addinivalue_line("filterwarnings", "ignore:(read|open)_text is deprecated:DeprecationWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a broker, so that ``-m 'not kafka'`` leaves it out."""
    for item in items:
        if BROKER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("kafka")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores: tests wait for brokers as much as they compute."""
    return (os.cpu_count() or 1) + 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that gathers the results, if this is one of several, which broker stood for real Kafka."""
    if (choice := session.config.stash.get(CHOICE, None)) and hasattr(session.config, "workeroutput"):
        # Without the address: each process may have its own broker of the same sort.
        session.config.workeroutput["real_kafka"] = str(choice).replace(
            f" at {choice.settings.bootstrap}", ""
        )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Keep what a worker process told."""
    if told := getattr(node, "workeroutput", {}).get("real_kafka"):
        TOLD.add(told)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which broker stood for real Kafka, and why."""
    choice = config.stash.get(CHOICE, None)
    for line in sorted(TOLD | ({str(choice)} if choice else set())):
        terminalreporter.write_line(line)
