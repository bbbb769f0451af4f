"""Words become the same terms for everybody, however many threads index and search at once."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.search import words

WORDS = [f"{beginning}{ending}" for beginning in ("report", "nation", "radiolog", "delay", "generous", "hospit")
         for ending in ("ing", "ed", "ization", "ically", "fulness", "ations", "ousli")]  # fmt: skip


@pytest.fixture
def hurried():
    """Threads take turns as often as the machine lets them."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_that_stem_at_once_do_not_stem_each_others_words(hurried):
    alone = {word: words.term_of.__wrapped__(word) for word in WORDS}

    with ThreadPoolExecutor(4) as threads:
        found = [*threads.map(words.term_of.__wrapped__, WORDS * 200)]

    assert found == [alone[word] for word in WORDS * 200]
