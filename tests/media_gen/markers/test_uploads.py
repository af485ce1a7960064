"""Uploads of a scenario: what their pictures and sounds carry says which policy they violate."""

from collections.abc import Callable

import pytest

from media_gen.markers import read_audio, read_image
from media_gen.spec import MediaSpec
from media_gen.studio import render
from sim.adversaries.composer import twins
from sim.adversaries.signals import Signals, policy_of_marker


@pytest.mark.parametrize(("generator", "read"), [("key_art", read_image), ("utterance", read_audio)])
def test_the_content_tells_a_violation_from_its_twin(
    generator: str, read: Callable[[bytes], int | None]
) -> None:
    for recipe in twins("likeness", 7, title="Low Tide"):
        params = {"marker": Signals().marker(recipe)}
        params |= {"title": "Low Tide"} if generator == "key_art" else {"text": "Low tide.", "language": "en"}
        rendition = render(MediaSpec(kind=generator, params=params, seed=3))
        code = read(rendition.files[0].data)
        assert code is not None
        assert policy_of_marker(code) == ("likeness" if recipe.violating else None)
