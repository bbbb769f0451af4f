"""What a password may be, and what trying one costs."""

from __future__ import annotations

from app.accounts import passwords
from app.core.errors import RuleBroken
from tests.web import MANAGER, Visitor

GOOD = [
    "a" * 12, "a" * 64, "a" * 127, "a" * 128, " " * 12, "é" * 128, "e\u0301" * 64, "👩🏽‍⚕️" * 3, "密碼" * 6,
    "\t" * 12, "with\x00NUL, which is a character", "password1234", "123456789012", "<script>'\"--%_", "Ω" * 12,
]  # fmt: skip
BAD = ["", "a", "a" * 11, "é" * 11, " " * 11, "👩" * 11, "a" * 129, "é" * 129, "a" * 1000, "a" * 1_000_000,
       "e\u0301" * 65, " " * 129, "\x00" * 11, "Aa1!" * 2, "\ud800" * 12]  # fmt: skip


def test_a_password_is_twelve_to_128_of_any_characters(hashes):
    def fits(password):
        try:
            return passwords.fits(password, passwords.hash_of(password))
        except RuleBroken:
            return False

    assert {p: fits(p) for p in [*GOOD, *BAD]} == {p: p in GOOD for p in [*GOOD, *BAD]}
    assert len([*GOOD, *BAD]) == 30


def test_characters_that_look_alike_are_different_passwords():
    assert not passwords.fits("e\u0301" * 12, passwords.hash_of("é" * 12))
    assert not passwords.fits("a" * 12 + " ", passwords.hash_of("a" * 12))


def test_128_characters_cost_a_hash_and_129_cost_none_whoever_is_asked_for(app, office, hashes):
    stranger, cost = Visitor(app), {}
    passwords._nobodys_hash()  # made once in a process
    for email in (MANAGER, "nobody@office.example"):
        for length in (128, 129, 100_000):
            hashes.clear()
            stranger.send("/sign-in", [("email", email.encode()), ("password", b"a" * length)])
            cost[email, length] = len(hashes)

    assert cost == {(email, n): int(n == 128) for email, n in cost}
