"""Letter-to-sound rules: ordered rewriting rules with contexts (Elovitz et al. 1976, NRL Report 7948)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

__all__ = ["LetterRules"]


@dataclass(frozen=True)
class _Rule:
    before: re.Pattern[str]
    letters: str
    after: re.Pattern[str]
    phones: tuple[str, ...]


class LetterRules:
    """A table of rules, one a line: ``before [letters] after > phones``.

    ``before`` and ``after`` are regular expressions next to the letters (``^`` and ``$`` are the word's
    edges), in which a capital letter stands for the expression of that name; the first rule that fits wins,
    and a letter without a fitting rule is silent. Phones are separated by spaces; none makes the letters
    silent. ``ˈ`` before a vowel stresses it. The table is compiled when the first word is read.

    >>> rules = LetterRules("[c] E > tʃ | [c] > k | [a] > a | [i] > i", {"E": "[ei]"}, separator="|")
    >>> rules("cica")
    ('tʃ', 'i', 'k', 'a')
    """

    def __init__(self, table: str, contexts: Mapping[str, str], *, separator: str = "\n") -> None:
        self._lines = [line.strip() for line in table.split(separator) if line.strip()]
        self._contexts = contexts

    def __call__(self, word: str) -> tuple[str, ...]:
        """The phones of a lower-case word."""
        return tuple(self._phones(word))

    def _phones(self, word: str) -> Iterator[str]:
        at = 0
        while at < len(word):
            rule = self._fitting(word, at)
            if rule is None:
                at += 1
            else:
                yield from rule.phones
                at += len(rule.letters)

    def _fitting(self, word: str, at: int) -> _Rule | None:
        for rule in self._by_letter.get(word[at], ()):
            end = at + len(rule.letters)
            if (
                word.startswith(rule.letters, at)
                and rule.after.match(word, end)
                and rule.before.search(word, 0, at)
            ):
                return rule
        return None

    @cached_property
    def _by_letter(self) -> dict[str, list[_Rule]]:
        found: dict[str, list[_Rule]] = {}
        for line in self._lines:
            rule = _compiled(line, self._contexts)
            found.setdefault(rule.letters[0], []).append(rule)
        return found


def _compiled(line: str, contexts: Mapping[str, str]) -> _Rule:
    context, _, phones = line.partition(">")
    before, _, rest = context.partition("[")
    letters, _, after = rest.partition("]")
    return _Rule(
        before=re.compile(f"(?:{_expanded(before.strip(), contexts)})$"),
        letters=letters.strip(),
        after=re.compile(f"(?:{_expanded(after.strip(), contexts)})"),
        phones=tuple(phones.split()),
    )


def _expanded(pattern: str, contexts: Mapping[str, str]) -> str:
    return "".join(contexts.get(c, c) for c in pattern)
