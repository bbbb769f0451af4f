"""A bag of a case's evidence can be checked by anybody, with a program that is not ours."""

from __future__ import annotations

import json
import shutil

import bagit
import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import NotFound, RuleBroken
from app.evidence import actions, provenance
from app.evidence.models import CopyKind, Following, Supplier, Way
from app.integrity import bags
from app.receiving import actions as receiving


@pytest.fixture
def bag(session, case, receive, tmp_path):
    """A bag of three documents, two of one name."""
    first = receive(b"A report.", "Report <final>")
    receive(b"Another report.", "Its addendum")
    receive(b"", "Empty", filename="../é \n%0A.txt")
    [allegation, *_rest] = case.allegations
    actions.link(session, first, allegation, actor=case.owner, page="2", note="Says & shows <when>")
    folder = tmp_path / "bag"
    bags.write(session, case.reference, receive.files, folder, actor=case.owner, office="Our\nOffice")
    return folder


def test_a_bag_holds_every_original_and_what_they_are(session, bag, case):
    checked = bagit.Bag(str(bag))
    checked.validate()

    assert set(checked.payload_files()) == {
        "data/evidence.html",
        "data/record.json",
        "data/originals/0001-report.pdf",
        "data/originals/0002-report.pdf",
        "data/originals/0003-..-0A.txt",
    }
    assert checked.info["External-Identifier"] == case.reference
    assert checked.info["Source-Organization"] == "Our Office"
    assert (bag / "data/originals/0002-report.pdf").read_bytes() == b"Another report."
    words = (bag / "data/evidence.html").read_text()
    for told in (
        "Report &lt;final&gt;",
        "originals/0001-report.pdf",
        "The complainant or their representative",
        "allegation 1, page 2: Says &amp; shows &lt;when&gt;",
        *(document.sha256 for document in case.documents),
    ):
        assert told in words
    story = json.loads((bag / "data/record.json").read_text())
    assert [entry["event"] for entry in story] == [*["document.received"] * 3, "document.linked"]
    assert story[0]["detail"]["sha256"] == case.documents[0].sha256


def test_the_list_says_how_each_came_what_it_follows_and_that_it_was_withdrawn(
    session, case, receive, tmp_path
):
    first, second = receive(b"A report."), receive(b"A report, corrected.")
    delivery = receiving.begin(
        session,
        case,
        actor=case.owner,
        label="Disc <1>",
        supplier=Supplier.COMPLAINANT,
        supplied_on=clock.today(),
        way=Way.DISC,
        copy_kind=CopyKind.COPY,
    )
    second.delivery, second.way = delivery, Way.DISC
    provenance.follow(session, second, actor=case.owner, earlier=first, following=Following.CORRECTED)
    second.withdrawn_at, second.withdrawn_by = clock.now(), case.owner
    second.withdrawn_because = "Of somebody else."
    session.flush()
    session.expire_all()

    bags.write(session, case.reference, receive.files, tmp_path / "b", actor=case.owner, office="O")

    listed = (tmp_path / "b/data/evidence.html").read_text()
    [earlier, later] = [line for line in listed.splitlines() if line.startswith("<tr><td>")]
    assert "<td>followed by no. 2</td><td></td>" in earlier
    assert f"<td>{Way.DISC.label}</td><td>Disc &lt;1&gt;</td>" in later
    assert f"<td>A corrected copy of it: no. 1</td><td>{clock.today()}: Of somebody else.</td>" in later


def test_that_a_bag_was_made_is_recorded_with_its_seal(session, bag, case):
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()

    assert (last.event, last.complaint_id, last.actor) == ("evidence.bagged", case.complaint_id, case.owner)
    assert last.detail["documents"] == 3


def change(name, edit):
    def tamper(bag):
        place = bag / name
        place.write_bytes(edit(place.read_bytes()))

    return tamper


def cut_a_line(content):
    return b"".join(content.splitlines(keepends=True)[1:])


FIRST = "data/originals/0001-report.pdf"
TAMPERINGS = {
    "one bit of an original": change(FIRST, lambda content: bytes([content[0] ^ 1]) + content[1:]),
    "an original is longer": change(FIRST, lambda content: content + b" "),
    "an original is empty": change(FIRST, lambda _content: b""),
    "an original is gone": lambda bag: (bag / FIRST).unlink(),
    "an original has another name": lambda bag: (bag / FIRST).rename(bag / "data/originals/0009.pdf"),
    "two originals are exchanged": lambda bag: (
        (bag / FIRST).rename(bag / "kept"),
        (bag / "data/originals/0002-report.pdf").rename(bag / FIRST),
        (bag / "kept").rename(bag / "data/originals/0002-report.pdf"),
    ),
    "a stranger lies among them": lambda bag: (bag / "data/stranger.txt").write_text("x"),
    "the list says something else": change(
        "data/evidence.html", lambda content: content.replace(b"addendum", b"original")
    ),
    "the record says something else": change(
        "data/record.json", lambda content: content.replace(b"linked", b"struck")
    ),
    "the manifest has a line less": change("manifest-sha256.txt", cut_a_line),
    "it names another case": change(
        "bag-info.txt", lambda content: content.replace(b"Identifier: ", b"Identifier: X")
    ),
    "the tags are not as they were sealed": change("bagit.txt", lambda content: content + b"\n"),
}


@pytest.mark.parametrize("tamper", TAMPERINGS.values(), ids=TAMPERINGS)
def test_whoever_changes_a_bag_is_found_out(bag, tamper):
    tamper(bag)

    with pytest.raises(bagit.BagError):
        bagit.Bag(str(bag)).validate()


def test_a_bag_does_not_vouch_for_what_is_no_longer_what_was_received(session, case, receive, tmp_path):
    document = receive(b"A report.")
    place = receive.files.root / document.sha256[:2] / document.sha256
    place.chmod(0o600)

    def write():
        bags.write(session, case.reference, receive.files, tmp_path / "bag", actor=None, office="O")

    place.write_bytes(b"Another.")
    with pytest.raises(RuleBroken, match="“Report” is no longer what was received"):
        write()
    with pytest.raises(RuleBroken, match="is not empty"):
        write()
    shutil.rmtree(tmp_path / "bag")
    place.unlink()
    with pytest.raises(RuleBroken, match="“Report” is no longer what was received"):
        write()


def test_there_is_no_bag_of_a_case_that_is_not_there(session, receive, tmp_path):
    with pytest.raises(NotFound, match="There is no case"):
        bags.write(session, "nothing", receive.files, tmp_path / "bag", actor=None, office="O")
