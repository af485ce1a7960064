"""The roles of a demonstration: each a process of its own, started with the same command that a user would type."""

import contextlib
import json
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from streams.cluster.processes import Scratch

__all__ = ["Role"]


@dataclass
class Role:
    """One process: its command, its log, and the endpoint that it announces."""

    name: str
    arguments: list[str]
    scratch: Scratch
    process: Popen[bytes] = field(init=False)
    _endpoint: str | None = None

    def start(self) -> "Role":
        """Start the process."""
        command = [
            sys.executable,
            "-m",
            "streams",
            *self.arguments,
            "--announce-file",
            str(self._announcement),
        ]
        self.process = self.scratch.start(command, log=self._log.name)
        return self

    @property
    def _announcement(self) -> Path:
        return self.scratch.folder / f"{self.name}.json"

    @property
    def _log(self) -> Path:
        return self.scratch.folder / f"{self.name}.log"

    @property
    def code(self) -> int | None:
        """The exit code, or None while the process runs."""
        return self.process.poll()

    @property
    def endpoint(self) -> str | None:
        """The address that the process announced; None before it has."""
        if self._endpoint is None:
            with contextlib.suppress(OSError, ValueError, KeyError):
                self._endpoint = json.loads(self._announcement.read_text())["endpoint"]
        return self._endpoint

    def said(self) -> str:
        """The end of what the process printed."""
        return self._log.read_text(errors="replace")[-2000:].strip()

    def result(self) -> dict[str, Any]:
        """The JSON object that the process ended with; empty if there is none."""
        for line in reversed(self._log.read_text(errors="replace").splitlines()):
            if line.startswith("{"):
                found: dict[str, Any] = json.loads(line)
                return found
        return {}

    def metrics(self) -> dict[str, float]:
        """The sums of the process's metrics by name; empty before its endpoint is up and after it is gone."""
        try:
            if self.endpoint is None:
                return {}
            with urllib.request.urlopen(f"{self.endpoint}/metrics", timeout=2) as answer:
                text = answer.read().decode()
        except (OSError, ValueError):
            return {}
        sums: dict[str, float] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
        return sums
