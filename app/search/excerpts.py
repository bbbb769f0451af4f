"""Pieces of a text in which words were found: the marks are ours, and never a database's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from app.search.words import name_term_of, standing, term_of, terms_of, words_of

#: How much of a text is shown around a word that was found, in characters.
AROUND = 90


def spans(text: str, wanted: Collection[str], *, names_only: bool = False) -> list[tuple[int, int]]:
    """Where the first words that are wanted stand; of a long text, only those near the first one."""
    terms = set(wanted) - {""}

    def is_wanted(word: str) -> bool:
        return term_of(word) in terms or (names_only and name_term_of(word) in terms)

    found: list[tuple[int, int]] = []
    for start, end in standing(text, is_wanted):
        if found and start > found[0][0] + 2 * AROUND:
            break
        found.append((start, end))
    return found


def pieces(text: str, found: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """What stands around the words that were found: pieces of it, each found or not."""
    here = max(0, found[0][0] - AROUND)
    if here:
        here = text.find(" ", here) + 1 or here
        yield "… ", False
    last = min(len(text), found[0][0] + 2 * AROUND)
    for start, end in found:
        yield text[here:start], False
        yield text[start:end], True
        here = end
    yield text[here : max(here, last)], False
    if last < len(text):
        yield " …", False


def written_alike(text: str, words: str) -> list[str]:
    """The words of a text that are, spelt its own way, those that are looked for."""
    wanted = set(terms_of(words))
    return list(dict.fromkeys(text[start:end] for term, start, end in words_of(text) if term in wanted))
