"""Passwords that were stolen elsewhere, in a file of any size (B2)."""

from __future__ import annotations

import hashlib

import pytest

from app import create_app
from app.accounts import passwords
from app.accounts.breached import Breached
from app.accounts.models import Role
from app.core.errors import RuleBroken
from config import Config, ConfigError, Office

STOLEN = [f"four quiet herons wading {number}" for number in range(300)] + ["", "é très long et volé", "a:b"]


def digests(length=40, upper=True, count=""):
    found = sorted(hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest()[:length] for word in STOLEN)
    return [(one.upper() if upper else one) + count for one in found]


@pytest.mark.parametrize(
    "lines",
    [
        digests(),
        digests(count=":4"),
        digests(upper=False),
        digests(length=10),
        sorted(STOLEN, key=str.encode)[1:],
    ],
    ids=["as published", "with counts", "lower case", "ten digits", "as they are"],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_each_that_is_listed_is_found_and_no_other(tmp_path, lines, ending):
    place = tmp_path / "stolen.txt"
    place.write_bytes(ending.join(lines).encode())
    listed = Breached(place)

    assert [word for word in STOLEN if word and word not in listed] == []
    assert [word for word in (f"{word}!" for word in STOLEN) if word in listed] == []
    assert "zzzz" not in listed
    assert "!" not in listed


def test_nobody_chooses_one_of_them(tmp_path, make, monkeypatch):
    place = tmp_path / "stolen.txt"
    place.write_text("\n".join(digests()))
    monkeypatch.setattr(passwords, "_breached", Breached(place))
    account = make.account(Role.CASEWORKER)

    with pytest.raises(RuleBroken, match="stolen elsewhere") as refusal:
        passwords.chosen(STOLEN[7], about=account)
    assert refusal.value.field == "password"
    assert passwords.chosen("seven loud geese at dusk", about=account)


def test_a_blank_at_the_end_or_the_beginning_is_part_of_a_password(tmp_path):
    place = tmp_path / "stolen.txt"
    place.write_bytes(b" b\n c\na\n")

    assert [word in Breached(place) for word in (" b", " c", "a", "b")] == [True, True, True, False]


def test_a_line_without_end_is_read_in_pieces(tmp_path):
    place = tmp_path / "stolen.txt"
    place.write_bytes(b"a\n" * 100 + b"b" * 5_000_000 + b"\nc word of many letters\n")

    assert "c word of many letters" in Breached(place)


@pytest.mark.parametrize("content", [None, "", "b\na\n"])
def test_a_file_that_cannot_be_used_stops_the_start(tmp_path, content):
    place = tmp_path / "stolen.txt"
    if content is not None:
        place.write_text(content)
    settings = Config(
        OFFICE=Office.TRIAL,
        DATA_DIR=tmp_path,
        DATABASE_URL="sqlite://",
        SECRET_KEY="x" * 40,
        BREACHED_PASSWORDS=place,
    )

    with pytest.raises(ConfigError, match="BREACHED_PASSWORDS"):
        create_app(settings)
