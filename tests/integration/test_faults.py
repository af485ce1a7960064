"""kill -9 of a simulator, the enricher and a broker under load: nothing lost, nothing twice, no medium forgotten.

`python -m bench.faults` does the same twenty times.
"""

import pytest

from bench.faults.ordeal import ordeal
from streams.cluster.distribution import missing_tools
from tests.conftest import QUICK_STARTING

SEED = 11


@pytest.mark.kafka
def test_everything_published_is_there_once_after_each_was_killed() -> None:
    if missing := missing_tools():
        pytest.skip(f"a cluster to kill needs {', '.join(missing)}")
    found = ordeal(SEED, rounds=3, java_options=QUICK_STARTING)
    assert found.killed == {"simulator": 1, "enricher": 1, "broker": 1}
    assert found.verdict["proven"], found.verdict
    assert found.verdict["published"] == found.verdict["audited"] > 10_000
    assert found.content.repeated == 0
    assert found.content.asked, "a load without media proves nothing about the enricher"
    assert not found.content.unanswered
