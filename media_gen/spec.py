"""A media spec: what an event asks the studio for."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["MediaSpec"]


class MediaSpec(BaseModel):
    """The request that rides inside an event; with the generator's version it determines every byte.

    >>> MediaSpec(kind="key_art", params={"title": "Low Tide"}, seed=7).fingerprint("1")[:8]
    '684ce1b6'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(description="The generator that renders it.")
    params: dict[str, Any] = Field(
        default_factory=dict, description="The generator's fields; defaults fill the rest."
    )
    seed: int = Field(ge=0, lt=2**63, description="Seed of everything that the parameters leave open.")

    def fingerprint(self, version: str) -> str:
        """The asset's name (64 hex digits): equal for equal specs and generator versions, and for no others."""
        parts = {"kind": self.kind, "params": self.params, "seed": self.seed, "version": version}
        canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()
