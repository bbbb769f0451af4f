"""A download is an attachment that can do nothing, in whatever part it is asked for, and is in the log first."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import Access, AccessEntry

CONTENT = b"No acute finding."
NAME = '“Befund” £5; x="1".txt'
ALWAYS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@pytest.fixture
def document(entered):
    return entered(NAME, CONTENT)


@pytest.fixture
def asked(document, reader):
    """Asks for the document's file as a manager."""
    client, _account = reader(Role.MANAGER)
    address = f"/cases/{document.case.reference}/evidence/{document.key}/file"
    return lambda method="GET", **headers: client.open(address, method=method, headers=headers)


@pytest.fixture
def logged(session):
    """What the access log holds of downloads."""
    entries = select(AccessEntry.page).where(AccessEntry.kind == Access.DOWNLOADED)
    return lambda: list(session.scalars(entries))


@pytest.mark.parametrize(
    ("method", "headers", "status", "body"),
    [
        ("GET", {}, 200, CONTENT),
        ("HEAD", {}, 200, b""),
        ("GET", {"Range": "bytes=3-7"}, 206, b"acute"),
        ("GET", {"Range": "bytes=9-"}, 206, CONTENT[9:]),
        ("GET", {"Range": "bytes=-8"}, 206, CONTENT[-8:]),
        ("GET", {"Range": "bytes=3-7", "If-Range": '"another"'}, 200, CONTENT),
    ],
)
def test_every_way_of_asking_has_the_same_guard_and_is_in_the_log(
    asked, logged, method, headers, status, body
):
    with asked(method, **headers) as answer:
        before_its_first_byte = logged()
        told = {name: answer.headers.get(name) for name in ALWAYS}
        said = (answer.status_code, answer.data, answer.mimetype, told)
        disposition = answer.headers["Content-Disposition"]

    assert said == (status, body, "application/octet-stream", ALWAYS)
    assert disposition.startswith("attachment; filename=")
    assert "filename*=UTF-8''" in disposition
    assert before_its_first_byte == ["evidence.download"]


def test_a_part_says_which_it_is_and_one_that_is_not_there_is_refused(asked, logged):
    with asked(Range="bytes=3-7") as part:
        assert (part.headers["Content-Range"], part.headers["Content-Length"]) == ("bytes 3-7/17", "5")
    for beyond in ("bytes=99-", "pages=1-2"):
        with asked(Range=beyond) as answer:
            assert answer.status_code == 416
    assert logged() == ["evidence.download"] * 3


def test_what_somebody_has_already_is_in_the_log_too(asked, document, logged):
    with asked(**{"If-None-Match": f'"{document.sha256}"'}) as answer:
        assert (answer.status_code, answer.data) == (304, b"")
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert logged() == ["evidence.download"]


def test_whoever_goes_away_in_the_middle_is_in_the_log(asked, logged):
    answer = asked()
    answer.close()

    assert logged() == ["evidence.download"]
