"""Staging: what campaigns post, acted out beforehand, in the order in which a service would see it."""

from collections.abc import Iterator
from typing import Any

import simpy

from sim.adversaries.author import Author, Draft
from sim.adversaries.campaign import CAMPAIGNS, Campaign, Cast
from sim.adversaries.gate import gated
from sim.adversaries.moderator import Moderator
from sim.catalog.catalog import Catalog
from sim.catalog.settings import CatalogSettings
from sim.durations import DAY, HOUR
from sim.media import MediaDesk
from sim.seeds import digest64
from sim.stage import Stage
from streams.loadtest.moderation.question import Question

__all__ = ["LOOK_ALIKES", "campaign_questions", "staged"]

LOOK_ALIKES = ("breaking_news", "fandom", "flash_crowd")
"""Campaigns that are none: people who do the same thing at the same time."""

_START = 1_767_225_600_000
_VIEWERS = 1_000_000
_SPAN = 12 * HOUR
_ACCOUNTS = 12
_WITHOUT_TEXT = ("evolving",)
# A reputation is built in less time than it would take, so that a short test sees it used.
_OWN: dict[str, dict[str, Any]] = {"sleepers": {"dormant": 3}}


class _Scribe(Author):
    """An author whose drafts are kept instead of published."""

    drafts: list[Draft]

    def publish(self, drafts: list[Draft]) -> None:
        self.drafts += drafts


def staged(
    seed: int, kinds: tuple[str, ...] = (), *, accounts: int = _ACCOUNTS, span: int = _SPAN
) -> Iterator[Draft]:
    """The posts of one campaign of each kind within a span of simulated time (ms), in order of time.

    Nothing is taken down meanwhile: what a service does not see cannot be measured. By default all kinds are
    staged that do not need verdicts to act. Posts are acted out as they are asked for.
    """
    names = kinds or tuple(sorted(CAMPAIGNS.classes().keys() - set(_WITHOUT_TEXT)))
    env = simpy.Environment(initial_time=_START)
    stage = Stage(seed, span=DAY, sources=1, shard=(0, 1))
    settings = CatalogSettings.model_validate({"items": 500, "genres": {"drama": 1}, "formats": {"film": {}}})
    catalog = Catalog(settings, seed, start=_START, regions=("everywhere",), dimensions=8)
    author = _Scribe(seed, _VIEWERS, ("en",), MediaDesk((), seed), stage)
    author.drafts = []
    cast = Cast(env, seed, _VIEWERS, catalog, author, Moderator(None, seed, _VIEWERS, stage))
    for name in names:
        env.process(_campaign(name, accounts).run(cast))
    while env.peek() < _START + span:
        env.step()
        yield from author.drafts
        author.drafts.clear()


def _campaign(name: str, accounts: int) -> Campaign:
    given: dict[str, Any] = {"kind": name, "name": name, "accounts": accounts, "every": "1h"}
    return CAMPAIGNS.parse(given | _OWN.get(name, {}))


def campaign_questions(seed: int) -> Iterator[Question]:
    """The staged posts as questions, a new staging when one is over."""
    number = 0
    while True:
        for draft in staged(digest64(seed, "staging", number) >> 1):
            recipe = draft.recipe
            yield Question(
                "",
                gated(recipe).text,
                recipe.language,
                recipe.policy,
                recipe.violating,
                recipe.function,
                -1,
                tier=recipe.tier,
                campaign=draft.campaign,
                account=draft.viewer + number * _VIEWERS,
                at=draft.at,
            )
        number += 1
