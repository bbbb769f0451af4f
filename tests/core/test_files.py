from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from io import BytesIO
from threading import Thread

import pytest

from app.core import clock
from app.core import files as storage
from app.core.files import Gap, Kept, LocalFiles, TooLarge

CONTENT = bytes(range(256)) * 40
WHOLE = Kept(hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


@pytest.fixture
def files(tmp_path):
    return LocalFiles(tmp_path)


def append(files, name, offset, content, *, limit=WHOLE.size):
    return files.append(name, offset, BytesIO(content), limit=limit)


def on_disk(files):
    return {path.name for path in files.root.rglob("*") if path.is_file()}


def test_what_comes_in_parts_is_kept_under_its_hash(files):
    name = files.begin()

    assert append(files, name, 0, CONTENT[:5000]) == 5000
    assert append(files, name, 5000, CONTENT[5000:]) == len(CONTENT)
    assert files.finish(name) == WHOLE
    files.forget(name)

    assert on_disk(files) == {WHOLE.sha256}
    assert files.digest(WHOLE.sha256) == WHOLE.sha256


def test_a_part_that_comes_again_changes_nothing(files):
    name = files.begin()
    append(files, name, 0, CONTENT[:5000])
    append(files, name, 0, CONTENT[:5000])
    append(files, name, 5000, CONTENT[5000:])
    append(files, name, 0, CONTENT[:5000])

    assert files.finish(name) == WHOLE


def test_a_part_never_leaves_a_gap_and_none_comes_after_the_last(files):
    name = files.begin()
    with pytest.raises(Gap):
        append(files, name, 1, b"x")
    append(files, name, 0, CONTENT)
    files.finish(name)

    with pytest.raises(Gap):
        append(files, name, 0, b"other")

    assert files.digest(WHOLE.sha256) == WHOLE.sha256


@pytest.mark.parametrize("over", [0, 1])
def test_a_part_ends_where_the_whole_was_said_to_end(files, over):
    name = files.begin()
    if over:
        with pytest.raises(TooLarge):
            append(files, name, 0, b"x" * 11, limit=10)
    else:
        assert append(files, name, 0, b"x" * 10, limit=10) == 10


def test_a_crash_after_it_was_kept_and_before_the_commit_loses_nothing(files):
    name = files.begin()
    append(files, name, 0, CONTENT)

    assert [files.finish(name), files.finish(name)] == [WHOLE, WHOLE]
    assert on_disk(files) == {name, WHOLE.sha256}


def test_parts_sent_at_once_are_one_whole(files):
    name = files.begin()
    append(files, name, 0, CONTENT[:256])
    senders = [Thread(target=append, args=(files, name, 256, CONTENT[256:])) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert files.finish(name) == WHOLE


def test_a_part_is_on_the_disk_before_it_is_acknowledged(files, monkeypatch):
    name, done = files.begin(), []
    monkeypatch.setattr(os, "fsync", lambda _handle: done.append("fsync"))
    rename = storage.Path.rename
    monkeypatch.setattr(storage.Path, "rename", lambda path, to: (done.append("rename"), rename(path, to))[1])
    append(files, name, 0, CONTENT)
    assert done == ["fsync"]
    done.clear()

    files.finish(name)

    assert done == ["fsync", "fsync", "rename", "fsync"]  # the second, as the folder is new


@pytest.mark.parametrize("name", ["../secret", "0" * 31, "", "0" * 32 + "/..", "g" * 32])
def test_no_name_of_another_kind_arrives(files, name):
    files.begin()

    for ask in (files.finish, files.forget, lambda name: append(files, name, 0, b"x")):
        with pytest.raises(FileNotFoundError):
            ask(name)


def test_a_stray_is_taken_away_unless_it_was_kept_again(files):
    name = files.begin()
    append(files, name, 0, CONTENT)
    files.finish(name)
    files.forget(name)
    [(sha256, kept_at)] = files.listed(WHOLE.sha256[:2])

    assert not files.take_away_stray(sha256, before=kept_at - timedelta(seconds=1))
    assert on_disk(files) == {WHOLE.sha256}
    assert files.take_away_stray(sha256, before=clock.wall() + timedelta(hours=1))
    assert not files.take_away_stray(sha256, before=clock.wall())
    assert on_disk(files) == set()


def test_a_stored_file_is_read_where_it_lies_and_not_from_a_copy(tmp_path):
    files = LocalFiles(tmp_path)
    kept = files.keep(BytesIO(b"Words"), limit=10)

    with files.open(kept.sha256) as file:
        assert file.name == str(tmp_path / kept.sha256[:2] / kept.sha256)


def test_what_came_long_ago_and_is_finished_now_is_no_stray(files):
    name, long_ago = files.begin(), clock.wall() - timedelta(days=2)
    append(files, name, 0, CONTENT)
    os.utime(files.root / "arriving" / name, (long_ago.timestamp(), long_ago.timestamp()))

    files.finish(name)

    assert not files.take_away_stray(WHOLE.sha256, before=clock.wall() - timedelta(hours=2))
    assert files.digest(WHOLE.sha256) == WHOLE.sha256
