"""Every style, plug-ins included, is complete and consistent."""

import pickle

import pytest

from media_gen.music.drums import DRUMS
from media_gen.music.form import derive, plan
from media_gen.music.score import STEMS
from media_gen.music.style import STYLES
from media_gen.music.synth.instruments import INSTRUMENTS
from media_gen.music.synth.kits import KITS
from sim.seeds import rng_for

STYLE_CLASSES = STYLES.classes()


@pytest.fixture(params=sorted(STYLE_CLASSES))
def style(request):
    return STYLE_CLASSES[request.param]()


def sections_of(style):
    words = {
        word for expansions in style.grammar.values() for _, right in expansions for word in right.split()
    }
    return words - set(style.grammar) | {"intro", "ending"}


def test_names_lead_somewhere(style):
    assert sections_of(style) == set(style.roles)
    assert {role.groove for role in style.roles.values()} == set(style.grooves)
    assert set(style.instruments.values()) <= set(INSTRUMENTS)
    assert style.kit in KITS
    assert set(style.balance) <= set(STEMS)
    playing = set().union(*(role.stems for role in style.roles.values()))
    assert playing - {"drums"} <= set(style.instruments)


def test_patterns_fill_the_bar(style):
    assert all(sum(map(abs, rhythm)) == style.meter for rhythm in style.rhythms)
    for groove in style.grooves.values():
        assert set(groove.drums) <= set(DRUMS)
        assert all(len(marks.replace(" ", "")) == 4 * style.meter for marks in groove.drums.values())
        assert all(0 <= stroke.beat < style.meter for stroke in groove.bass + groove.keys)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 7, 12, 30])
def test_forms_exist_in_every_length(style, length):
    for seed in range(5):
        form = derive(style.grammar, length, rng=rng_for(seed))
        assert len(form) == length
        assert set(form) <= set(style.roles)


def test_plans_fill_the_bars_exactly(style):
    for bars in range(2, 140):
        sections = plan(style.grammar, bars, fewest=style.fewest, rng=rng_for(bars))
        assert sum(section.bars for section in sections) == bars
        assert sections[-1].label == "ending"
        assert sections[-1].bars in (2, 3)


def test_a_style_is_a_frozen_value(style):
    assert pickle.loads(pickle.dumps(style)) == style
    with pytest.raises(ValueError, match="frozen"):
        style.meter = 3


def test_a_grammar_without_a_fitting_form_says_so():
    with pytest.raises(ValueError, match="no form of 3 sections"):
        derive({"song": ((1, "theme theme"),)}, 3, rng=rng_for(0))


def test_weights_of_the_grammar_are_kept():
    grammar = {"song": ((3, "a b"), (1, "b a"))}
    firsts = [derive(grammar, 2, rng=rng_for(seed))[0] for seed in range(400)]
    assert 0.68 < firsts.count("a") / 400 < 0.82
