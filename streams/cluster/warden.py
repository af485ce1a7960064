"""The warden: a small process that outlives the program just long enough to clear up after it.

It is run by path, without importing anything of the project, so that it starts in milliseconds. It kills the
processes that it was told of and removes the scratch folder as soon as its parent is gone, however the parent
ended (SIGKILL included) and whichever thread had started it. That is why it asks for its parent's id: a death
signal follows the thread, and the end of a pipe waits for every forked worker that holds it open.
"""

import os
import select
import shutil
import signal
import sys
import time

_LOOK_EVERY_S = 0.25


def _serve(parent: int, folder: str) -> None:
    pids: set[int] = set()
    while True:
        orphaned = os.getppid() != parent
        told, _, _ = select.select([0], [], [], 0 if orphaned else _LOOK_EVERY_S)
        if _listen(pids) if told else orphaned:  # an orphan hears what was said before it was one
            break
    _clear(pids, folder)


def _listen(pids: set[int]) -> bool:
    """Note which processes came and went; whether that was the last word."""
    words = os.read(0, 65536).decode().split()
    for word in words:
        if word[0] == "+":
            pids.add(int(word[1:]))
        elif word[0] == "-":
            pids.discard(int(word[1:]))
    return not words or "end" in words


def _clear(pids: set[int], folder: str) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    for _ in range(100):  # a process that is dying may still write
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
        time.sleep(0.05)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
