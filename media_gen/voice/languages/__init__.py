"""The languages that the studio speaks, one a file."""

from media_gen.voice.language import Language
from media_gen.voice.languages.english import ENGLISH
from media_gen.voice.languages.french import FRENCH
from media_gen.voice.languages.german import GERMAN
from media_gen.voice.languages.indonesian import INDONESIAN
from media_gen.voice.languages.italian import ITALIAN
from media_gen.voice.languages.portuguese import PORTUGUESE
from media_gen.voice.languages.spanish import SPANISH
from media_gen.voice.languages.swahili import SWAHILI
from media_gen.voice.languages.turkish import TURKISH

__all__ = ["LANGUAGES"]

LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (ENGLISH, SPANISH, GERMAN, FRENCH, ITALIAN, PORTUGUESE, TURKISH, INDONESIAN, SWAHILI)
}
