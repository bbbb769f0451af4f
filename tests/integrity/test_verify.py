"""What was received is found again as it was, or whoever verifies is told what is not."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from io import BytesIO

import pytest

from app.core import clock
from app.integrity import queries
from app.integrity.queries import Trouble, columns_of_files


def place_of(files, sha256):
    return files.root / sha256[:2] / sha256


def troubles(session, files):
    return {(seen.sha256, seen.trouble) for seen in queries.verify(lambda: session, files) if seen.trouble}


def test_one_bit_of_a_file_a_missing_file_and_a_stranger_are_all_found_and_nothing_else(session, receive):
    chance = random.Random(12)
    hashes = [receive(chance.randbytes(600)).sha256 for _number in range(200)]
    files = receive.files
    assert troubles(session, files) == set()

    changed, missing = hashes[:20], hashes[20:23]
    for sha256 in changed:
        content = bytearray(place_of(files, sha256).read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        place_of(files, sha256).chmod(0o600)
        place_of(files, sha256).write_bytes(content)
    for sha256 in missing:
        place_of(files, sha256).unlink()
    stranger = files.keep(BytesIO(b"never received"), limit=99).sha256
    (files.root / "note.txt").write_text("put there by hand")

    assert troubles(session, files) == {
        *((sha256, Trouble.CHANGED) for sha256 in changed),
        *((sha256, Trouble.MISSING) for sha256 in missing),
        (stranger, Trouble.STRANGER),
        ("note.txt", Trouble.STRANGER),
    }


def test_whoever_verifies_is_told_of_which_case_and_who_received_it(session, case, receive):
    document, again = receive(b"A report.", "Report"), receive(b"A report.", "Its copy")
    place_of(receive.files, document.sha256).unlink()
    stranger = receive.files.keep(BytesIO(b"x"), limit=9).sha256
    days_ago = (clock.wall() - timedelta(days=2)).timestamp()
    os.utime(place_of(receive.files, stranger), (days_ago, days_ago))

    by = f"received by {case.owner.name}"
    said = [seen.words for seen in queries.verify(lambda: session, receive.files) if seen.trouble]
    assert sorted(said) == sorted(
        [
            f"{case.reference}, “Report” ({document.key}), {by}; "
            f"{case.reference}, “Its copy” ({again.key}), {by}: its file is missing.",
            f"{stranger}: nothing that was received names this file.",
        ]
    )


def test_no_link_stands_in_for_an_original(session, receive, tmp_path):
    """Planted where a file should be, or instead of the folder it should be in."""
    one, two = receive(b"one"), receive(b"two")
    elsewhere = tmp_path / "files-evil"
    elsewhere.mkdir()
    for document, content in ((one, b"one"), (two, b"two")):
        (elsewhere / document.sha256).write_bytes(content)
    files = receive.files
    place_of(files, one.sha256).unlink()
    place_of(files, one.sha256).symlink_to(elsewhere / one.sha256)
    place_of(files, two.sha256).unlink()
    place_of(files, two.sha256).parent.rmdir()
    place_of(files, two.sha256).parent.symlink_to(elsewhere)

    for document in (one, two):
        with pytest.raises(FileNotFoundError):
            files.open(document.sha256)
    assert troubles(session, files) >= {(one.sha256, Trouble.MISSING), (two.sha256, Trouble.MISSING)}


def test_every_column_of_a_hash_names_a_file_or_is_known_to_name_something_else():
    tables = {kind.__tablename__ for kind, _column in columns_of_files()}

    assert tables >= {"document", "paper"}
    assert tables & set(queries.ELSEWHERE) == set()
