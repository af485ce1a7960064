"""Letters that look alike: for each Latin letter, some of other scripts that people take for it.

Single letters without a compatibility form, picked from Unicode's table of confusables (UTS 39, ``confusables.txt``
15.1). Where that table has none for a letter (k, m, t, Q), the Cyrillic or Greek one of the same shape stands.
No letter stands for two, so that a disguise can be undone without a trace.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["LATIN_OF", "LOOKALIKES"]

LOOKALIKES: Mapping[str, str] = MappingProxyType(
    {
        "a": "аɑα", "b": "ЬᏏ", "c": "сⲥᴄ", "d": "ԁᏧ", "e": "еҽ", "f": "ꬵք", "g": "ɡց", "h": "һհ", "i": "іıɩ",
        "j": "јϳ", "k": "кκ", "l": "ӀꓲƖ", "m": "м", "n": "ոռ", "o": "оοօ", "p": "рρ", "q": "ԛզ", "r": "гⲅꭈ",
        "s": "ѕꜱ", "t": "тτ", "u": "υսᴜ", "v": "ѵνᴠ", "w": "ԝѡᴡ", "x": "х", "y": "уүγ", "z": "ᴢ",
        "A": "АΑᎪ", "B": "ВΒᏴ", "C": "СⲤᏟ", "D": "Ꭰꓓ", "E": "ЕΕᎬ", "F": "Ϝꓝ", "G": "ԌᏀ", "H": "НΗᎻ", "I": "ІΙ",
        "J": "ЈͿᎫ", "K": "КΚᏦ", "L": "Ꮮꓡ", "M": "МΜᎷ", "N": "Νꓠ", "O": "ОΟՕ", "P": "РΡᏢ", "Q": "Ԛ", "R": "ᎡᏒ",
        "S": "ЅՏᏚ", "T": "ТΤᎢ", "U": "Սꓴ", "V": "ѴᏙ", "W": "ԜᎳ", "X": "ХΧ", "Y": "УΥᎩ", "Z": "ΖᏃ",
    }
)  # fmt: skip
"""The letters that pass for a Latin one."""

LATIN_OF: Mapping[str, str] = MappingProxyType(
    {alike: letter for letter, all_alike in LOOKALIKES.items() for alike in all_alike}
)
"""The Latin letter that one of another script passes for."""
