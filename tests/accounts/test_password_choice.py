"""What nobody may choose: what many have chosen, and what is about them or us (B2)."""

from __future__ import annotations

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.accounts import passwords
from app.accounts.models import Account, Role
from app.core.errors import RuleBroken

COMMON = FREQUENCY_LISTS["passwords"][:10_000]
#: How people make a word long enough.
WAYS = [
    lambda word: word,
    lambda word: word * (12 // len(word) + 1),
    lambda word: word.capitalize() + "123456789012"[: max(0, 12 - len(word))] + "!",
    lambda word: f"{word}-2026-2026",
    lambda word: f"!!!!{word.upper()}!!!!!!!!",
]


@pytest.fixture
def holder(make):
    trust = make.organisation("Eastmarch University Hospitals NHS Foundation Trust")
    return make.account(
        Role.LIAISON, organisation=trust, name="Lena Fairweather", email="lena.fairweather@eastmarch.example"
    )


def is_taken(password: str, account: Account) -> bool:
    try:
        passwords.chosen(password, about=account)
    except RuleBroken:
        return False
    return True


def context_words() -> list[str]:
    words = ["ombudsman", "second read", "Eastmarch", "University Hospitals", "Fairweather", "Lena Fairweather",
             "casework", "complaint", "eastmarch.example", "Foundation Trust"]  # fmt: skip
    ends = [
        "",
        "1",
        "2026",
        "2026!",
        "123",
        "!!",
        " 1",
        "-01",
        "#1",
        "99",
        "x",
        "ab",
        "_1",
        ".1",
        "2025",
        "007",
        "?",
        "1!",
        "00",
        "0",
    ]
    return [word + end for word in words for end in ends]


def test_ten_thousand_passwords_of_others_and_two_hundred_about_us_are_refused(holder):
    tried = [WAYS[place % len(WAYS)](word) for place, word in enumerate(COMMON)] + context_words()

    taken = [password for password in tried if is_taken(password, holder)]

    print(f"\n{len(tried)} variants, {len(taken)} accepted")
    assert len(tried) == 10_200
    assert taken == []


@pytest.mark.parametrize(
    "password",
    [
        "four quiet herons wading",
        "a second pair of eyes",
        "the ombudsman keeps nine geese",
        "密碼很長而且沒有人知道它是什麼",
        "Tq7#vLw2!pZx",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_taken(holder, password):
    assert is_taken(password, holder)


def test_the_refusal_says_what_to_do_instead(holder):
    with pytest.raises(RuleBroken) as refusal:
        passwords.chosen("Fairweather2026!", about=holder)

    assert (str(refusal.value), refusal.value.field) == (passwords.EASY, "password")
