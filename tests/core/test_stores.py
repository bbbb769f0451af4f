"""What every store does, in a folder and in a bucket of a real server alike."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from datetime import timedelta
from io import BytesIO
from urllib.request import urlopen

import pytest

from app.core import clock
from app.core.files import Gap, Kept, LocalFiles, TooLarge
from app.core.s3 import FETCHED, S3Files

CONTENT = bytes(range(256)) * 40
WHOLE = Kept(hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of an S3 server that is a process of its own."""
    said = tmp_path_factory.mktemp("s3") / "said"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + 60
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said.read_text())):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.1)
        urlopen(f"{found.group()}/moto-api/", timeout=10).close()
        yield found.group()
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(params=["folder", "bucket"])
def files(request, tmp_path, monkeypatch):
    if request.param == "folder":
        return LocalFiles(tmp_path / "files")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    address = request.getfixturevalue("server")
    store = S3Files(
        f"s3://{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:20]}/a/place?endpoint={address}"
    )
    store.client.create_bucket(Bucket=store.bucket)
    return store


def append(files, name, offset, content, *, limit=WHOLE.size):
    return files.append(name, offset, BytesIO(content), limit=limit)


def everything(files):
    return {name for number in range(256) for name, _at in files.listed(f"{number:02x}")}


def test_a_file_is_kept_byte_for_byte_under_its_hash(files):
    assert files.keep(BytesIO(CONTENT), limit=WHOLE.size) == WHOLE
    assert files.keep(BytesIO(CONTENT), limit=WHOLE.size) == WHOLE

    with files.open(WHOLE.sha256) as stored:
        assert stored.read() == CONTENT
        stored.seek(-256, 2)
        assert stored.read(3) == CONTENT[:3]
        stored.seek(0)
        assert stored.read(300) == CONTENT[:300]
    assert files.digest(WHOLE.sha256) == WHOLE.sha256
    assert everything(files) == {WHOLE.sha256}
    assert list(files.strays()) == list(files.arriving()) == []


def test_an_empty_file_and_one_larger_than_is_fetched_at_a_time_are_kept_too(files):
    large = b"0123456789abcdef" * (FETCHED // 16 + 1)
    for content in (b"", large):
        kept = files.keep(BytesIO(content), limit=len(content))
        assert files.digest(kept.sha256) == kept.sha256 == hashlib.sha256(content).hexdigest()
        with files.open(kept.sha256) as stored:
            assert stored.read() == content


def test_a_file_over_the_limit_leaves_nothing_behind(files):
    with pytest.raises(TooLarge):
        files.keep(BytesIO(b"x" * 11), limit=10)

    assert everything(files) == set()


@pytest.mark.parametrize(
    "name", ["../secret", "../files-evil/x", "0" * 63, "g" * 64, "", "0" * 64 + "/..", "a" * 64 + "\n"]
)
def test_no_name_but_a_hash_opens_a_file(files, name):
    with pytest.raises(FileNotFoundError):
        files.open(name)
    with pytest.raises(FileNotFoundError):
        files.open("0" * 64)
    assert files.digest("0" * 64) is None


def test_what_comes_in_parts_is_kept_under_its_hash_and_asked_again_is_the_same(files):
    name = files.begin()

    assert append(files, name, 0, CONTENT[:5000]) == 5000
    assert append(files, name, 0, CONTENT[:5000]) == 5000
    assert append(files, name, 5000, CONTENT[5000:]) == len(CONTENT)
    assert append(files, name, 5000, CONTENT[5000:6000]) == 6000
    assert [found for found, _at in files.arriving()] == [name]
    assert [files.finish(name), files.finish(name)] == [WHOLE, WHOLE]
    files.forget(name)

    assert everything(files) == {WHOLE.sha256}
    assert list(files.arriving()) == []
    with pytest.raises(FileNotFoundError):
        files.finish(name)


def test_a_part_that_comes_again_with_other_content_stands_as_it_came_last(files):
    name = files.begin()
    append(files, name, 0, b"x" * 5000)
    append(files, name, 5000, CONTENT[5000:])
    append(files, name, 0, CONTENT[:5000])

    assert files.finish(name) == WHOLE


def test_a_part_never_leaves_a_gap_nor_passes_the_end_and_none_comes_after_the_last(files):
    name = files.begin()
    with pytest.raises(Gap):
        append(files, name, 1, b"x")
    with pytest.raises(TooLarge):
        append(files, name, 0, b"x" * 11, limit=10)
    append(files, name, 0, CONTENT)
    files.finish(name)

    with pytest.raises(Gap):
        append(files, name, 0, b"other")
    assert files.digest(WHOLE.sha256) == WHOLE.sha256


@pytest.mark.parametrize("name", ["../secret", "0" * 31, "", "0" * 32 + "/..", "g" * 32])
def test_no_name_of_another_kind_arrives(files, name):
    files.begin()

    for ask in (files.finish, files.forget, lambda name: append(files, name, 0, b"x")):
        with pytest.raises(FileNotFoundError):
            ask(name)


def test_a_stray_is_taken_away_unless_it_was_kept_again(files):
    files.keep(BytesIO(CONTENT), limit=WHOLE.size)
    [(sha256, kept_at)] = files.listed(WHOLE.sha256[:2])

    assert not files.take_away_stray(sha256, before=kept_at - timedelta(seconds=1))
    assert everything(files) == {WHOLE.sha256}
    assert files.take_away_stray(sha256, before=clock.wall() + timedelta(hours=1))
    assert not files.take_away_stray(sha256, before=clock.wall())
    assert everything(files) == set()
    assert not files.take_away_stray("note.txt", before=clock.wall())


def test_what_a_bucket_holds_is_told_from_what_was_received(files):
    """Somebody writes into the store itself: over a file, and beside all files."""
    files.keep(BytesIO(CONTENT), limit=WHOLE.size)
    if isinstance(files, S3Files):
        place = f"a/place/{WHOLE.sha256[:2]}/{WHOLE.sha256}"
        files.client.put_object(Bucket=files.bucket, Key=place, Body=CONTENT[:-1] + b"x")
        files.client.put_object(Bucket=files.bucket, Key="a/place/note.txt", Body=b"x")
        files.client.put_object(Bucket=files.bucket, Key="a/place-evil/note.txt", Body=b"x")
    else:
        place = files.root / WHOLE.sha256[:2] / WHOLE.sha256
        place.chmod(0o600)
        place.write_bytes(CONTENT[:-1] + b"x")
        (files.root / "note.txt").write_text("x")
        (files.root.parent / "files-evil").mkdir()

    assert files.digest(WHOLE.sha256) == hashlib.sha256(CONTENT[:-1] + b"x").hexdigest()
    assert list(files.strays()) == ["note.txt"]
