"""The command line: the one place where names are resolved and parts are put together."""

import sys
from importlib import import_module
from typing import NoReturn

import typer
from pydantic import ValidationError

from sim.names import UnknownNameError
from streams.exits import GreenroomError, UsageError

__all__ = ["application", "main"]

VERBS = (
    "demo",
    "run",
    "enrich",
    "monitor",
    "audit",
    "steer",
    "drift",
    "topics",
    "scenario",
    "render",
    "broker",
    "loadtest",
    "evaluate",
    "calibrate",
    "dataset",
)


def application() -> typer.Typer:
    """The program with all its verbs; a verb is a function or a Typer of its own name in ``streams.commands``."""
    program = typer.Typer(
        name="greenroom",
        help="A streaming simulator for recommendation and moderation data.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for verb in VERBS:
        command = getattr(import_module(f"streams.commands.{verb}"), verb)
        if isinstance(command, typer.Typer):
            program.add_typer(command, name=verb)
        else:
            program.command(verb)(command)
    return program


def main() -> None:
    """Run the program; every expected error becomes one message and an exit code that means something."""
    try:
        application()()
    except SystemExit as ended:
        # What the parser of the command line finds wrong ends with 2; our word for that is EX_USAGE.
        sys.exit(UsageError.exit_code if ended.code == 2 else ended.code)
    except GreenroomError as error:
        _stop(str(error), error.exit_code)
    except (UnknownNameError, ValidationError) as error:
        _stop(str(error), UsageError.exit_code)
    except KeyboardInterrupt:
        _stop("interrupted", 130)


def _stop(message: str, code: int) -> NoReturn:
    print(f"greenroom: {message}", file=sys.stderr)
    sys.exit(code)
