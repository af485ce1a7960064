"""Apache Kafka's own jars: resolved once by Maven from ``deploy/kafka/pom.xml``, then run with Java."""

import shutil
import subprocess
from pathlib import Path

from streams.exits import BrokerUnavailableError

__all__ = ["FOLDER", "java_command", "missing_tools", "resolve"]

FOLDER = Path(__file__).parents[2] / "deploy" / "kafka"
"""Where the project's pom and log settings for Kafka are, in a checkout."""

_JARS = Path("target", "jars")
_NEEDED = {"java": "a Java 17 runtime or newer", "mvn": "Maven 3.8 or newer"}


def missing_tools() -> list[str]:
    """What real Kafka needs and this machine lacks, in words; empty if it can run here."""
    missing = [f"{need} (`{tool}`)" for tool, need in _NEEDED.items() if shutil.which(tool) is None]
    return missing if (FOLDER / "pom.xml").is_file() else [*missing, f"a checkout with {FOLDER / 'pom.xml'}"]


def resolve() -> Path:
    """The folder of Kafka's jars; Maven is asked once, and again when the pom has changed."""
    if missing := missing_tools():
        raise BrokerUnavailableError(
            f"Apache Kafka needs {' and '.join(missing)}, which is not here. Install it, or use "
            "`docker compose` in deploy/compose, the embedded broker (no --broker), or --broker host:port."
        )
    pom, jars = FOLDER / "pom.xml", FOLDER / _JARS
    resolved = jars.with_name("resolved-pom.xml")
    if not (resolved.is_file() and resolved.read_bytes() == pom.read_bytes()):
        shutil.rmtree(jars, ignore_errors=True)
        _maven(pom)
        shutil.copyfile(pom, resolved)
    return jars


def java_command(jars: Path, main_class: str, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
    """The command line that runs one of Kafka's programs."""
    logging = f"-Dlog4j2.configurationFile={FOLDER / 'log4j2.xml'}"
    return ["java", *options, logging, "-cp", f"{jars}/*", main_class, *arguments]


def _maven(pom: Path) -> None:
    command = ["mvn", "--quiet", "--batch-mode", "--file", str(pom), "dependency:copy-dependencies"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if run.returncode:
        raise BrokerUnavailableError(
            f"Maven could not resolve Apache Kafka from {pom}:\n{run.stdout.strip()}"
        )
