"""Every text operator: the label kept in every output, the same for the same draw, stronger when asked to be."""

from typing import Any

import numpy as np
import pytest
from rapidfuzz.distance import OSA, Indel, Levenshtein

from sim.adversaries.disguise import disguise_of
from sim.adversaries.lexicon import Lexicon, edits_allowed
from sim.adversaries.operator import OPERATORS, Frame, FrameOperator, WordOperator, operator
from sim.adversaries.skeleton import skeleton
from sim.seeds import Stream
from tests.conformance.plugins import SCHEMA, PluginSuite, kinds

WORD_KINDS = sorted(kind for kind, cls in OPERATORS.classes().items() if issubclass(cls, WordOperator))
FRAME_KINDS = sorted(kind for kind, cls in OPERATORS.classes().items() if issubclass(cls, FrameOperator))
LATIN = "abcdefghijklmnopqrstuvwxyz ABCXYZ0123456789 .,:/-'éüßñçàøıİſﬁ²⁴½Ⅷ"
ALPHABET = LATIN + "ТесТновый日本語한국🎬👩‍👧\u0301\u0308\u200b\u00ad"
WORDS = ("voucher", "tablet", "gift card", "season pass", "headset", "premium month", "prize box", "ticket pack",
         "zorpalinu", "krobesal", "treviomun", "glasturix", "dromefia", "plinoceth")  # fmt: skip
ODD = ("", " ", "a", "ab", "Baba Rewards", "https://a-100.test/1", "e\u0301cole", "…", "١٢٣", "@zobra_123")
LEXICON = Lexicon(WORDS)
STRENGTHS = (0.1, 0.25, 0.5, 0.75, 1.0)
VARIANTS = {
    "en": (
        "{brand} gives a {lure} to everyone who saw {title}: {link}",
        "Saw {title}? There is a {lure} from {brand} for you at {link}",
        "Free {lure}, today only, {link} ({brand} thanks all who saw {title})",
    ),
    "de": ("{brand} verschenkt einen {lure} an alle, die {title} sahen: {link}",),
    "sw": ("{brand}: {lure}, {title}, {link}",),
}


def texts() -> list[str]:
    rng = np.random.default_rng(1)
    return [
        *WORDS,
        *ODD,
        *("".join(rng.choice(list(ALPHABET), int(rng.integers(1, 60)))) for _ in range(200)),
    ]


def word_operator(kind: str, strength: float) -> WordOperator:
    made = operator(kind, strength)
    assert isinstance(made, WordOperator)
    return made


def applied(kind: str, strength: float, text: str, seed: int = 3) -> str:
    return word_operator(kind, strength).apply(text, rng=Stream(seed))


def reworded(kind: str, strength: float, language: str = "en", seed: int = 3) -> tuple[Frame, Frame]:
    made = operator(kind, strength)
    assert isinstance(made, FrameOperator)
    before = Frame(VARIANTS[language][0])
    after = made.reworded(before, variants=VARIANTS[language], language=language, rng=Stream(seed))
    assert made.preserves(before, after), after
    return before, after


@kinds(OPERATORS)
class TestOperators(PluginSuite):
    family: Any = OPERATORS

    def one_of(self) -> list[dict[str, Any]]:
        campaigns = SCHEMA["properties"]["campaigns"]["items"]["oneOf"]
        campaign = next(one for one in campaigns if "operators" in one["properties"])
        found: list[dict[str, Any]] = campaign["properties"]["operators"]["items"]["oneOf"]
        return found

    @pytest.mark.parametrize("strength", [-0.1, 1.1])
    def test_strength_is_a_share(self, kind: str, strength: float) -> None:
        with pytest.raises(ValueError, match="strength"):
            OPERATORS.parse({"kind": kind, "strength": strength})

    def test_it_says_how_the_label_is_kept(self, kind: str) -> None:
        cls = OPERATORS.named(kind)
        assert cls.sort in ("lossless", "lossy", "structural")
        assert (cls.sort == "structural") == issubclass(cls, FrameOperator)
        assert any(year in str(cls.__doc__) for year in map(str, range(1980, 2026))) or "Unicode" in str(
            cls.__doc__
        ), "name the source of the attack"


@pytest.mark.parametrize("kind", WORD_KINDS)
class TestWordOperators:
    @pytest.mark.parametrize("strength", STRENGTHS)
    def test_every_output_keeps_what_people_read(self, kind: str, strength: float) -> None:
        one = word_operator(kind, strength)
        for text in texts():
            after = one.apply(text, rng=Stream(3))
            assert one.preserves(text, after), (text, after)
            if one.sort == "lossless":
                assert skeleton(after) == skeleton(text)
                assert one.restored(after) == one.restored(text)

    def test_a_gated_word_decodes_to_itself(self, kind: str) -> None:
        for strength in STRENGTHS:
            disguise = disguise_of(((kind, strength),))
            for word in WORDS:
                for seed in range(20):
                    disguised = disguise.word(word, lexicon=LEXICON, rng=Stream(seed))
                    assert LEXICON.decode(disguised) == word, disguised

    def test_what_is_not_a_disguise_is_refused(self, kind: str) -> None:
        one = word_operator(kind, 1.0)
        for word in WORDS:
            for other in WORDS:
                assert word == other or not one.preserves(word, one.apply(other, rng=Stream(1)))

    def test_the_same_draw_gives_the_same_disguise(self, kind: str) -> None:
        for text in texts():
            assert applied(kind, 0.5, text) == applied(kind, 0.5, text)
        assert len({applied(kind, 0.5, "physical tapestries", seed) for seed in range(30)}) > 3

    def test_no_strength_is_no_disguise(self, kind: str) -> None:
        for text in texts():
            assert applied(kind, 0.0, text) == text

    def test_more_strength_changes_no_less(self, kind: str) -> None:
        changed = []
        for strength in np.linspace(0, 1, 11):
            pairs = [
                (word, applied(kind, float(strength), word, seed)) for word in WORDS for seed in range(10)
            ]
            changed.append(sum(_different(before, after) for before, after in pairs))
        assert changed == sorted(changed)
        assert changed[-1] > changed[1] > changed[0] == 0

    def test_it_disguises_the_vocabulary_of_adversaries(self, kind: str) -> None:
        for word in WORDS:
            assert any(applied(kind, 1.0, word, seed) != word for seed in range(3)), word


def _different(before: str, after: str) -> int:
    """How many characters of the disguise are not in the word, or the other way round, in order (edit distance)."""
    return Levenshtein.distance(before, after)


@pytest.mark.parametrize("kind", FRAME_KINDS)
class TestFrameOperators:
    @pytest.mark.parametrize("language", sorted(VARIANTS))
    @pytest.mark.parametrize("strength", STRENGTHS)
    def test_every_slot_is_still_there_once(self, kind: str, strength: float, language: str) -> None:
        for seed in range(20):
            _, after = reworded(kind, strength, language, seed)
            whole = f"{after.text} {after.in_image}"
            assert sorted(part.split("}")[0] for part in whole.split("{")[1:]) == [
                "brand", "link", "lure", "title",
            ]  # fmt: skip
            assert after.text.strip()
            assert "  " not in after.text

    def test_no_strength_is_no_change(self, kind: str) -> None:
        before, after = reworded(kind, 0.0)
        assert after == before

    def test_full_strength_is_a_change(self, kind: str) -> None:
        before, after = reworded(kind, 1.0)
        assert after != before

    def test_more_strength_changes_no_less(self, kind: str) -> None:
        changed = []
        for strength in np.linspace(0, 1, 11):
            pairs = [reworded(kind, float(strength), seed=seed) for seed in range(20)]
            changed.append(sum(_words_changed(*pair) for pair in pairs))
        assert changed == sorted(changed)

    def test_the_same_draw_gives_the_same_frame(self, kind: str) -> None:
        assert reworded(kind, 0.6, seed=4) == reworded(kind, 0.6, seed=4)

    def test_another_text_is_refused(self, kind: str) -> None:
        made = operator(kind, 1.0)
        assert isinstance(made, FrameOperator)
        before, after = reworded(kind, 1.0)
        assert not made.preserves(
            before, after._replace(text=after.text.replace("{", "no {", 1), in_image="x")
        )
        assert not made.preserves(before._replace(text="{lure}, {lure}! {rest}"), after)


def _words_changed(before: Frame, after: Frame) -> int:
    return Indel.distance(before.text.split(), after.text.split())


CHAINS = [
    (("homoglyph", 1.0), ("zero_width", 1.0), ("case", 1.0)),
    (("bidi", 1.0), ("homoglyph", 0.5), ("emoji_insertion", 1.0), ("fullwidth", 1.0)),
    (("swap", 1.0), ("bidi", 1.0), ("segmentation", 1.0)),
    (("leet", 0.5), ("emoji_substitution", 0.5), ("zero_width", 1.0)),
    (("keyboard", 1.0), ("delete", 1.0), ("repeat", 1.0), ("phonetic", 1.0), ("swap", 1.0)),
    tuple((kind, 0.5) for kind in WORD_KINDS),
    tuple((kind, 1.0) for kind in reversed(WORD_KINDS)),
]


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_still_decodes_to_its_word(chain: tuple[tuple[str, float], ...]) -> None:
    disguise = disguise_of(chain)
    lossless = all(OPERATORS.named(kind).sort == "lossless" for kind, _ in chain)
    for word in WORDS:
        for seed in range(30):
            disguised = disguise.word(word, lexicon=LEXICON, rng=Stream(seed))
            assert disguised != word
            assert LEXICON.decode(disguised) == word
            assert not lossless or skeleton(disguised) == skeleton(word)


def test_a_lossy_edit_that_hits_another_word_is_drawn_again() -> None:
    near = Lexicon(["bolaten", "bolater", "bolates", "bolatem"])
    collided = 0
    for seed in range(300):
        raw = applied("keyboard", 1.0, "bolaten", seed)
        collided += not near.keeps("bolaten", raw)
        disguised = disguise_of((("keyboard", 1.0),)).word("bolaten", lexicon=near, rng=Stream(seed))
        assert near.decode(disguised) == "bolaten"
    assert collided > 5


def test_a_word_that_nothing_lossy_can_tell_stays_as_it_is() -> None:
    near = Lexicon(["abc", "ab", "ac", "bc", "bac", "acb"])
    assert disguise_of((("delete", 1.0),)).word("abc", lexicon=near, rng=Stream(1)) == "abc"


def test_lossy_edits_stay_within_a_third_of_the_letters() -> None:
    for kind in ("keyboard", "delete", "repeat", "swap", "phonetic"):
        for word in WORDS:
            letters = sum(map(str.isalnum, word))
            for seed in range(20):
                edits = OSA.distance(word.lower(), applied(kind, 1.0, word, seed).lower())
                assert edits <= edits_allowed(letters), (kind, word)


def test_a_lexicon_refuses_words_that_read_the_same() -> None:
    with pytest.raises(ValueError, match=r"'lеet' and 'leet' read the same .*leave one out"):
        Lexicon(["leet", "lеet"])


def test_an_unknown_word_and_a_tie_decode_to_nothing() -> None:
    assert Lexicon(["voucher"]).decode("umbrella") is None
    assert Lexicon(["bolaten", "bolater"]).decode("bolatek") is None
