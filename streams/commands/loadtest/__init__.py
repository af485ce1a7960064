"""``greenroom loadtest``: put load on a service, at times that do not depend on how it answers; one file a target."""

import typer

from streams.commands.loadtest.contract import contract
from streams.commands.loadtest.moderation import moderation
from streams.commands.loadtest.recommender import recommender

__all__ = ["loadtest"]

loadtest = typer.Typer(
    name="loadtest",
    help="Load tests in an open loop: of a recommender, with the audience's answers; of a moderator, with labels.",
    no_args_is_help=True,
)
loadtest.command()(recommender)
loadtest.command()(moderation)
loadtest.command()(contract)
