from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.casefile import actions, queries
from app.casefile.models import Link, LinkKind, Note
from app.core.errors import NotFound, NotPermitted, RuleBroken
from app.duties import actions as duties
from app.search import queries as search


@pytest.fixture
def worker(make):
    return make.account(Role.CASEWORKER)


def test_notes_stand_newest_first_and_a_correction_refers_to_what_it_corrects(session, make, worker):
    complaint = make.complaint()
    first = actions.write_note(session, complaint, actor=worker, words="She called on Monday.")
    actions.write_note(session, complaint, actor=worker, words="It was Tuesday.", corrects=first)

    told = [(note.number, note.words, note.corrects) for note in queries.notes(session, complaint)]
    assert told == [(2, "It was Tuesday.", first), (1, "She called on Monday.", None)]


def test_a_note_is_struck_out_by_who_wrote_it_or_a_manager_once_and_stays_readable(session, make, worker):
    complaint = make.complaint()
    note = actions.write_note(session, complaint, actor=worker, words="Of somebody else.")

    with pytest.raises(NotPermitted, match="Only who wrote a note"):
        actions.strike_note(session, note, actor=make.account(Role.INVESTIGATOR), reasons="No.")
    actions.strike_note(session, note, actor=make.account(Role.MANAGER), reasons="The wrong file.")
    with pytest.raises(RuleBroken, match="already"):
        actions.strike_note(session, note, actor=worker, reasons="Again.")

    assert (note.words, note.struck_because) == ("Of somebody else.", "The wrong file.")


def test_no_action_changes_the_words_of_a_note():
    assert not [name for name in dir(actions) if "note" in name and "change" in name]


def test_a_note_is_found_in_search_until_it_is_struck_out(session, make, worker):
    complaint = make.complaint()
    note = actions.write_note(session, complaint, actor=worker, words="Zanzibarite was mentioned.")
    session.commit()
    assert [hit.line.reference for hit in search.find(session, worker, "zanzibarite").hits] == [
        complaint.reference
    ]

    actions.strike_note(session, note, actor=worker, reasons="Misheard.")
    session.commit()
    assert search.find(session, worker, "zanzibarite").total == 0


def test_notes_are_written_read_and_struck_out_page_by_page(session, make, reader):
    client, _account = reader(Role.CASEWORKER)
    complaint = make.complaint()
    session.commit()
    here = f"/complaints/{complaint.reference}/notes"
    assert "Nobody has written a note." in client.get(here).text

    for number in range(27):
        assert client.post(f"{here}/new", data={"words": f"Said {number + 1}."}).status_code == 302
    client.post(f"{here}/27/strike", data={"reasons": "Twice."})

    first, second = client.get(here).text, client.get(f"{here}?after=3").text
    assert "Said 27." in first
    assert "Twice." in first
    assert "Said 2." not in first
    assert "Said 2." in second
    assert "Enter the note." in client.post(f"{here}/new", data={"words": "  "}).text
    assert session.scalar(select(func.count()).select_from(Note)) == 27


@pytest.mark.parametrize("kind", [*LinkKind])
def test_a_link_is_kept_once_and_said_in_the_right_words_on_both_sides(session, make, worker, kind):
    one, other = make.complaint(), make.complaint()
    actions.link(session, one, actor=worker, to=other, kind=kind, words="As they say.")

    assert session.scalar(select(func.count()).select_from(Link)) == 1
    said = [[(l.says, l.other) for l in queries.links(session, worker, side)] for side in (one, other)]  # noqa: E741
    words = {LinkKind.FOLLOWS_ON: ("Follows on from", "Is followed by")}
    here, there = words.get(kind, (kind.label, kind.label))
    assert said == [[(here, other)], [(there, one)]]
    for side in (one, other):
        events = session.scalars(select(AuditEntry.event).where(AuditEntry.complaint_id == side.id)).all()
        assert events == ["complaint.linked"]


def test_two_complaints_are_linked_in_one_way_once_and_never_to_themselves(session, make, worker):
    one, other = make.complaint(), make.complaint()
    link = actions.link(session, one, actor=worker, to=other, kind=LinkKind.SAME_EVENT)

    with pytest.raises(RuleBroken, match="already"):
        actions.link(session, other, actor=worker, to=one, kind=LinkKind.SAME_EVENT)
    with pytest.raises(RuleBroken, match="itself"):
        actions.link(session, one, actor=worker, to=one, kind=LinkKind.SAME_PERSON)

    actions.end_link(session, link, actor=worker, reasons="It was another day.")
    with pytest.raises(RuleBroken, match="already"):
        actions.end_link(session, link, actor=worker, reasons="Again.")
    actions.link(session, other, actor=worker, to=one, kind=LinkKind.SAME_EVENT)
    assert len(queries.links(session, worker, one)) == 2


def test_nobody_sees_through_a_link_what_is_closed_to_them(session, make, reader):
    client, account = reader(Role.CASEWORKER)
    manager = make.account(Role.MANAGER)
    one, hidden = make.complaint(), make.case(owner=make.account(Role.INVESTIGATOR)).complaint
    made = actions.link(session, one, actor=manager, to=hidden, kind=LinkKind.SAME_PERSON, words="Hiddenword")
    duties.restrict(session, hidden, actor=manager, reasons="A colleague’s family.")
    session.commit()

    pages = [client.get(f"/complaints/{one.reference}{page}").text for page in ("", "/file", "/story")]
    assert [page for page in pages if hidden.reference in page or "Hiddenword" in page] == []
    assert "Linked to none." in pages[1]
    assert [link.other for link in queries.links(session, manager, one)] == [hidden]
    with pytest.raises(NotFound):
        queries.link_numbered(session, account, one, made.number)
    to_hidden = {"to": hidden.reference, "kind": "same_event", "words": ""}
    to_nobody = {**to_hidden, "to": "SR-0000-0000"}
    for answers in (to_hidden, to_nobody):
        answer = client.post(f"/complaints/{one.reference}/links/new", data=answers)
        assert "There is no complaint or case with that reference." in answer.text
