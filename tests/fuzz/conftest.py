"""How much is tried: few and always the same examples; with ``GREENROOM_FUZZ=N`` N times as many, fresh ones."""

import os

from hypothesis import HealthCheck, settings

_ASKED = int(os.environ.get("GREENROOM_FUZZ", "0"))
TIMES = max(1, _ASKED)
_EXAMPLES = 60

settings.register_profile(
    "greenroom",
    max_examples=_EXAMPLES * TIMES,
    derandomize=not _ASKED,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("greenroom")
