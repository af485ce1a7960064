"""Reading aloud: numerals, letters, dictionaries and rules."""

from itertools import product

import pytest

from media_gen.voice.languages import LANGUAGES
from media_gen.voice.languages.lexicon import looked_up
from media_gen.voice.numerals import numeral_words
from media_gen.voice.phones import phone_of
from media_gen.voice.reading import bare, read
from media_gen.voice.textgrid import textgrid
from sim.names import UnknownNameError


@pytest.mark.parametrize(
    ("language", "word", "ipa"),
    [
        ("en", "photography", "fətˈɑɡɹəfi"), ("en", "viewers'", "vjˈuɚz"), ("en", "restreamed", "ɹistɹˈimd"),
        ("en", "nurg", "nˈɝɡ"), ("en", "the", "ðə"), ("es", "cigüeña", "siɣwˈeɲa"), ("es", "guerra", "ɡˈera"),
        ("es", "abrirán", "abɾiɾˈan"), ("es", "ciudad", "sjuðˈad"), ("de", "mädchen", "mˈɛːtçən"),
        ("de", "geschichte", "ɡəʃˈɪçtə"), ("de", "information", "ɪnfɔʁmaːtsjˈoːn"), ("de", "tag", "tˈaːk"),
        ("fr", "beaucoup", "bokˈu"), ("fr", "fille", "fˈij"), ("fr", "l'homme", "lˈɔm"),
        ("fr", "chanson", "ʃɑ̃sˈɔ̃"),
        ("it", "famiglia", "famˈiʎːa"), ("it", "città", "tʃitːˈa"), ("it", "musica", "mˈuzika"),
        ("pt", "não", "nˈɑ̃w"),
        ("pt", "gente", "ʒˈentʃi"), ("tr", "güneş", "ɟynˈeʃ"), ("id", "nyanyi", "ɲˈaɲi"),
        ("sw", "ng'ombe", "ŋˈɔmbɛ"),
    ],
)  # fmt: skip
def test_words_are_pronounced(language: str, word: str, ipa: str) -> None:
    assert "".join(LANGUAGES[language].pronounce(word)) == ipa


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_any_letters_give_sounds_of_the_inventory(code: str) -> None:
    language = LANGUAGES[code]
    for letters in product(language.letters, repeat=2):
        for symbol in language.pronounce("".join(letters)):
            assert phone_of(bare(symbol))


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_letter_sign_and_digit_can_be_said_alone(code: str) -> None:
    language = LANGUAGES[code]
    for character in [*language.letters.replace("'", ""), *language.symbols, *"0123456789"]:
        reading = read(character, language)
        assert not reading.skipped, character
        assert any(phone_of(bare(s)).is_vowel for word in reading.phrases[0].words[0].phones for s in word)


@pytest.mark.parametrize(
    ("code", "token", "words"),
    [
        ("en", "3.14", "three point one four"), ("es", "1.000", "mil"), ("fr", "2,5", "deux virgule cinq"),
        ("tr", "0,5", "sıfır virgül beş"), ("en", "1" * 17, " ".join(["one"] * 17)),
        ("en", "1.2.3", "one point two three"),
        ("en", "٤٢", "forty-two"),
    ],
)  # fmt: skip
def test_numerals(code: str, token: str, words: str) -> None:
    assert numeral_words(token, LANGUAGES[code]) == words


def test_phrases_end_as_they_are_punctuated() -> None:
    reading = read("Well, what?! I see… (really) Good!", LANGUAGES["en"])
    assert [phrase.boundary for phrase in reading.phrases] == [
        "continuation", "question", "statement", "continuation", "exclamation",
    ]  # fmt: skip


def test_a_word_without_vowels_is_spelled() -> None:
    word = read("xkcd", LANGUAGES["en"]).phrases[0].words[0]
    assert word.spoken == ("ex", "kay", "sea", "dee")


def test_dictionary_knows_its_first_and_last_words_and_no_others() -> None:
    assert looked_up("a") == ("ə",)
    assert looked_up("zyuganov") is not None
    assert looked_up("qqqq") is None
    assert looked_up("é") is None


def test_unknown_sound_is_named() -> None:
    with pytest.raises(UnknownNameError, match="unknown phone 'ʘ'"):
        phone_of("ʘ")


def test_textgrid_doubles_quotation_marks() -> None:
    assert 'text = "say ""hi"""' in textgrid(1.0, {"words": [(0.0, 1.0, 'say "hi"')]})
