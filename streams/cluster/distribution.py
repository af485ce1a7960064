"""Servers in Java: resolved once by Maven from a ``pom.xml`` under ``deploy``, then run."""

import fcntl
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from streams.exits import BrokerUnavailableError

__all__ = ["APICURIO", "KAFKA", "Distribution", "java_command", "missing_tools", "resolve"]

_DEPLOY = Path(__file__).parents[2] / "deploy"
_NEEDED = {"java": "a Java 17 runtime or newer", "mvn": "Maven 3.8 or newer"}


@dataclass(frozen=True)
class Distribution:
    """A server as Maven brings it: the folder of its pom, the goal that fetches it, and where that puts it."""

    name: str
    folder: Path
    goal: str
    target: Path
    instead: str


KAFKA = Distribution(
    "Apache Kafka",
    _DEPLOY / "kafka",
    "dependency:copy-dependencies",
    Path("target", "jars"),
    "`docker compose` in deploy/compose, the embedded broker (no --broker), or --broker host:port",
)
APICURIO = Distribution(
    "Apicurio Registry",
    _DEPLOY / "apicurio",
    "dependency:unpack",
    Path("target", "app"),
    "any Confluent-compatible registry (--registry URL)",
)


def missing_tools(wanted: Distribution = KAFKA) -> list[str]:
    """What a server needs and this machine lacks, in words; empty if it can run here."""
    missing = [f"{need} (`{tool}`)" for tool, need in _NEEDED.items() if shutil.which(tool) is None]
    pom = wanted.folder / "pom.xml"
    return missing if pom.is_file() else [*missing, f"a checkout with {pom}"]


def resolve(wanted: Distribution = KAFKA) -> Path:
    """The folder of a server's files; Maven is asked once, and again when the pom has changed."""
    if missing := missing_tools(wanted):
        raise BrokerUnavailableError(
            f"{wanted.name} needs {' and '.join(missing)}, which is not here. Install it, or use {wanted.instead}."
        )
    pom, files = wanted.folder / "pom.xml", wanted.folder / wanted.target
    resolved = files.with_name("resolved-pom.xml")
    files.parent.mkdir(exist_ok=True)
    with (files.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests that run side by side ask for it at the same time
        if not (resolved.is_file() and resolved.read_bytes() == pom.read_bytes()):
            shutil.rmtree(files, ignore_errors=True)
            _maven(wanted, pom)
            shutil.copyfile(pom, resolved)
    return files


def java_command(jars: Path, main_class: str, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
    """The command line that runs one of Kafka's programs."""
    logging = f"-Dlog4j2.configurationFile={KAFKA.folder / 'log4j2.xml'}"
    return ["java", *options, logging, "-cp", f"{jars}/*", main_class, *arguments]


def _maven(wanted: Distribution, pom: Path) -> None:
    command = ["mvn", "--quiet", "--batch-mode", "--file", str(pom), wanted.goal]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if run.returncode:
        raise BrokerUnavailableError(
            f"Maven could not resolve {wanted.name} from {pom}:\n{run.stdout.strip()}"
        )
