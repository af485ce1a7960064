"""Lettering: a title set in lines that fit a box, and what of it the typeface can draw."""

import unicodedata
from dataclasses import dataclass
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFont

__all__ = ["Line", "Setting", "legible_text", "set_title"]

_LARGEST, _SMALLEST = 0.19, 6
_MOST_LINES = 3
_LEADING = 1.12
_SIZE_PER_STROKE = 50
_NOT_A_CHARACTER = "\U0010fffe"


@dataclass(frozen=True)
class Line:
    """One line of a title, and the box [x, y, width, height] of its ink in pixels."""

    text: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Setting:
    """A title as set: its lines, the size in pixels, and the ink (height, width) from 0 to 255."""

    lines: tuple[Line, ...]
    size: int
    ink: NDArray[np.uint8]


@cache
def _typeface(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's built-in Aileron; the basic layout does not depend on libraries of the machine."""
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType; install it from a wheel")
    return font.font_variant(layout_engine=ImageFont.Layout.BASIC)


def legible_text(title: str) -> tuple[str, list[str]]:
    """The title in characters that the typeface has, accents dropped if need be, and those that it lacks."""
    text = "".join(c if _has(c) else _plain(c) for c in " ".join(title.split()))
    return text, sorted({c for c in text if not _has(c)})


def _plain(character: str) -> str:
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return base if base and all(map(_has, base)) else character


@cache
def _has(character: str) -> bool:
    font = _typeface(16)
    return character == " " or bytes(font.getmask(character)) != bytes(font.getmask(_NOT_A_CHARACTER))


def set_title(text: str, width: int, height: int, *, share: float) -> Setting:
    """The title in the largest size that fits the picture's lowest ``share`` of its height, in the middle."""
    room = 0.88 * width, (share - 0.05) * height
    size = max(int(_LARGEST * height), _SMALLEST)
    while True:
        lines = _broken(text, size, room[0])
        if size <= _SMALLEST or _fits(lines, size, room):
            return _drawn(lines, size, width, height, share)
        size = max(min(size - 1, int(size * 0.94)), _SMALLEST)


def _fits(lines: list[str], size: int, room: tuple[float, float]) -> bool:
    widest = max(_typeface(size).getlength(line) for line in lines)
    return len(lines) <= _MOST_LINES and widest <= room[0] and len(lines) * size * _LEADING <= room[1]


def _broken(text: str, size: int, room: float) -> list[str]:
    """Lines broken at spaces, each as full as it can be."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _typeface(size).getlength(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _drawn(texts: list[str], size: int, width: int, height: int, share: float) -> Setting:
    leading = size * _LEADING
    first = height * (1 - share / 2 - 0.01) - leading * (len(texts) - 1) / 2
    inks = [_ink(text, size, (width, height), first + i * leading) for i, text in enumerate(texts)]
    lines = tuple(Line(text, _box(ink)) for text, ink in zip(texts, inks, strict=True))
    return Setting(lines, size, np.asarray(reduce(ImageChops.lighter, inks)))


def _ink(text: str, size: int, canvas: tuple[int, int], y: float) -> Image.Image:
    image = Image.new("L", canvas)
    ImageDraw.Draw(image).text(
        (canvas[0] / 2, y), text, 255, _typeface(size), anchor="mm", stroke_width=size / _SIZE_PER_STROKE
    )
    return image


def _box(ink: Image.Image) -> tuple[int, int, int, int]:
    left, top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
    return left, top, right - left, bottom - top
