"""How text becomes terms: cut into words, without case and accents, spelt one way, brought to its stem.

The same for what is indexed and for what is asked, so that either finds the other. A term is letters
a to z and digits, whatever script it came from, because databases differ in what else is a letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from app.core.alone import alone
from app.core.text import searchable
from app.reference import lists

if TYPE_CHECKING:
    from snowballstemmer import EnglishStemmer

_WORD = re.compile(r"\w+(?:['’]\w+)*")
LONGEST_TERM = 40
#: How many words of one page are indexed: what is read from a spreadsheet may be one page without end.
MOST_OF_A_PAGE = 20_000
#: Letters of their own that English writes with others.
_NOT_ACCENTS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
#: Endings that British English spells one way and American another, and what both become.
_ENDINGS = (
    (re.compile(r"(?<=[a-z]{2})is(e|ed|er|ers|es|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})ys(e|ed|er|ers|es|ing)$"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|al|able|ite|less|ful)?$"), r"or\1"),
    (re.compile(r"(?<=[a-z][aeiou])ll(ed|er|ers|ing)$"), r"l\1"),
    # What ends so in any word of medicine: bacteraemia, lymphoedema, dyspnoea, rhinorrhoea
    (re.compile(r"(?<=[a-z])aemi(a|as|c)$"), r"emi\1"),
    (re.compile(r"(?<=[a-z])oedema(s|ta|tous)?$"), r"edema\1"),
    (re.compile(r"(?<=[a-z])pnoe(a|as|ic)$"), r"pne\1"),
    (re.compile(r"(?<=[a-z])rrhoe(a|as|al|ic)$"), r"rrhe\1"),
)


def words_of(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of the text as a term, with where in the text it begins and ends."""
    for match in _WORD.finditer(text):
        if term := term_of(match.group()):
            yield term, match.start(), match.end()


def standing(text: str, is_wanted: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Where in the text the words stand that are wanted. Each different word is asked about once."""
    wanted = {word for word in set(_WORD.findall(text)) if is_wanted(word)}
    for match in _WORD.finditer(text) if wanted else ():
        if match.group() in wanted:
            yield match.span()


def terms_of(text: str) -> list[str]:
    return [term for term, _start, _end in words_of(text)]


def term_of_case(case_id: int) -> str:
    """The term that says of which case a page is. It begins with a letter that no term of a word has."""
    return f"ж{case_id}"


def terms_of_page(text: str, case_id: int) -> str:
    """What a page is looked for by, each term once: that of its case, and those of its first words."""
    first = dict.fromkeys(term for term, _start, _end in islice(words_of(text), MOST_OF_A_PAGE))
    return " ".join([term_of_case(case_id), *first])


@lru_cache(maxsize=50_000)
def term_of(word: str) -> str:
    """The term of one word; empty if nothing of it can be looked for."""
    plain = plain_of(word)
    return (
        _english()().stemWord(_spelt_one_way(plain))[:LONGEST_TERM] if plain.isascii() else _in_ascii(plain)
    )


@lru_cache(maxsize=50_000)
def plain_of(word: str) -> str:
    """A word of a name as it is compared: lower case, without accents and apostrophes."""
    plain = searchable(word)[:LONGEST_TERM].translate(_NOT_ACCENTS)
    return "".join(char for char in plain if char.isalnum())


def name_term_of(word: str) -> str:
    """The term of a word of a name: names are not brought to stems."""
    plain = plain_of(word)
    return plain if plain.isascii() else _in_ascii(plain)


def name_terms_of(text: str) -> list[str]:
    return [term for match in _WORD.finditer(text) if (term := name_term_of(match.group()))]


def _in_ascii(plain: str) -> str:
    return "".join(char if char.isascii() else f"x{ord(char):x}" for char in plain)[:LONGEST_TERM]


def _spelt_one_way(word: str) -> str:
    for british, american in _spellings():
        if word.startswith(british):
            word = american + word[len(british) :]
            break
    for ending, one_way in _ENDINGS:
        word = ending.sub(one_way, word)
    return word


@cache
def _spellings() -> list[tuple[str, str]]:
    """The longest first, so that the most exact one counts."""
    return sorted(lists.spellings().items(), key=lambda pair: -len(pair[0]))


@cache
def _english() -> type[EnglishStemmer]:
    """A stemmer holds the word it works on: one is made for each word, or threads would have each other's."""
    return alone("snowballstemmer.english_stemmer").EnglishStemmer
