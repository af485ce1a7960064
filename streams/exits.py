"""Exit codes, and the errors that carry them (sysexits.h where it has a word for it)."""

__all__ = [
    "OK",
    "BrokerOverloadedError",
    "BrokerUnavailableError",
    "FailedChecksError",
    "FencedError",
    "GreenroomError",
    "UsageError",
]

OK = 0


class GreenroomError(Exception):
    """Something the user should read as one message: what, why, and the remedy."""

    exit_code = 1


class FailedChecksError(GreenroomError):
    """The program ran, and what it checked does not hold."""

    exit_code = 1


class UsageError(GreenroomError):
    """The command line or the scenario is wrong (EX_USAGE)."""

    exit_code = 64


class BrokerUnavailableError(GreenroomError):
    """No broker answers, or it went away for longer than the time-out (EX_UNAVAILABLE)."""

    exit_code = 69


class BrokerOverloadedError(GreenroomError):
    """The embedded broker came near its memory limit; a real one is needed (EX_TEMPFAIL)."""

    exit_code = 75


class FencedError(GreenroomError):
    """Another process plays the same shard, and this one may not write any more (EX_NOPERM)."""

    exit_code = 77
