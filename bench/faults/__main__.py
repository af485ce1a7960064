"""``python -m bench.faults``: twenty rounds of kill -9 on three brokers, as JSON; exit code 1 if anything was lost."""

import argparse
import json
import sys

from bench.faults.ordeal import Ordeal, ordeal


def _told(found: Ordeal) -> dict[str, object]:
    names = ("published", "audited", "lost", "duplicated", "reordered", "late", "corrupted", "proven")
    return {
        "survived": found.survived,
        "killed": dict(found.killed),
        **{name: found.verdict[name] for name in names},
        "content_records": len(found.content.distinct),
        "content_repeated": found.content.repeated,
        "asked_for_media": len(found.content.asked),
        "enriched": len(found.content.asked & found.content.enriched),
        "dead_letters": len(found.content.asked & found.content.dead),
        "unanswered": len(found.content.unanswered),
        "elapsed_s": round(found.elapsed_s, 1),
        "doubts": found.verdict["doubts"],
    }


def main() -> int:
    """Break everything, then count."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--nodes", type=int, default=3)
    given = parser.parse_args()
    found = ordeal(
        given.seed,
        given.rounds,
        nodes=given.nodes,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )
    print(json.dumps(_told(found), indent=2))
    return 0 if found.survived else 1


if __name__ == "__main__":
    sys.exit(main())
