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

_LOOK_EVERY_S = 0.25


def _serve(parent: int, folder: str) -> None:
    pids: set[int] = set()
    while os.getppid() == parent:
        if not select.select([0], [], [], _LOOK_EVERY_S)[0]:
            continue
        told = os.read(0, 65536).decode().split()
        pids |= {int(word[1:]) for word in told if word[0] == "+"}
        pids -= {int(word[1:]) for word in told if word[0] == "-"}
        if not told or "end" in told:
            break
    _clear(pids, folder)


def _clear(pids: set[int], folder: str) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
