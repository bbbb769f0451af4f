"""Marks have reasons, several people add them, and an original with a redacted copy is not disclosed by mistake."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.core.errors import NotPermitted, RuleBroken
from app.evidence import actions as evidence
from app.evidence import provenance
from app.evidence.models import Document, Following
from app.examining.models import Quarantine, Safety
from app.reading.boxes import Box
from app.redaction import actions, queries
from app.redaction.models import Reason, Redacting, RedactionMark

SIDES = {"left": "100", "top": "200", "right": "300", "bottom": "400"}


def at(document, *more):
    return "/".join((f"/cases/{document.case.reference}/evidence/{document.key}", *more))


def marked(session, document, **given):
    said = {"page": 1, "box": Box(100, 200, 300, 400), "reason": Reason.STAFF, "words": ""} | given
    return actions.mark(session, document, actor=document.case.owner, **said)


def copy_of(make, document, **given):
    return make.document(
        document.case, title="Safe copy", follows=document, following=Following.REDACTED, **given
    )


def test_a_place_is_marked_on_its_page_with_its_reason(session, report):
    client, document = report

    sent = client.post(
        at(document, "redactions/?page=2"),
        data={"page": "2", "reason": "other", "words": "Not ours", **SIDES},
    )

    assert sent.location == at(document, "redactions/?page=2")
    page = client.get(sent.location).text
    assert '<rect class="box box--black" x="140.0" y="186.8" width="280.0" height="186.8"/>' in page
    assert "For another reason: Not ours" in page


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"box": None}, "Draw the place on the page"),
        ({"page": 3}, "Enter a page from 1 to 2."),
        ({"reason": Reason.OTHER}, "Enter the reason in words."),
    ],
)
def test_a_mark_needs_a_place_on_a_page_and_a_reason(session, report, given, why):
    _client, document = report

    with pytest.raises(RuleBroken, match=why):
        marked(session, document, **given)

    assert queries.standing(session, document) == []


def test_the_same_place_is_marked_once(session, report):
    _client, document = report
    marked(session, document)

    with pytest.raises(RuleBroken, match="marked already"):
        marked(session, document)


def test_bad_sides_come_back_at_their_field_with_what_was_typed(session, report):
    client, document = report

    page = client.post(
        at(document, "redactions/"),
        data={"page": "1", "reason": "staff", "words": "Kept", **SIDES, "right": "50"},
    ).text

    assert "The right side must be further right than the left one." in page
    assert 'value="Kept"' in page
    assert session.scalars(select(RedactionMark)).all() == []


def test_a_mark_taken_away_stays_struck_out_and_is_not_burned(session, report):
    client, document = report
    mark = marked(session, document)
    session.commit()

    client.post(at(document, "redactions", mark.key, "strike"))

    session.expire_all()
    assert (mark.struck_by, queries.standing(session, document)) == (document.case.owner, [])
    page = client.get(at(document, "redactions/list")).text
    assert "Taken away" in page
    with pytest.raises(RuleBroken, match="taken away already"):
        actions.strike_out(session, mark, actor=document.case.owner)
    with pytest.raises(RuleBroken, match="Nothing is marked"):
        actions.ask_for_copy(session, document, actor=document.case.owner, title="Copy")


def test_a_colleague_adds_marks_and_nobody_outside_does(session, make, report):
    _client, document = report
    colleague = make.account(Role.MANAGER)

    actions.mark(
        session, document, actor=colleague, page=2, box=Box(1, 1, 2, 2), reason=Reason.HARM, words=""
    )

    assert [mark.added_by for mark in queries.standing(session, document)] == [colleague]
    with pytest.raises(NotPermitted):
        actions.mark(
            session,
            document,
            actor=make.account(Role.LIAISON),
            page=1,
            box=Box(1, 1, 2, 2),
            reason=Reason.HARM,
            words="",
        )


def test_no_copy_is_made_while_a_proposed_place_was_looked_at_by_nobody(session, report, redact):
    client, document = report
    owner = document.case.owner
    actions.find(session, document, actor=owner, words="hart", reason=Reason.STAFF)
    redact()

    with pytest.raises(RuleBroken, match="nobody has looked at them"):
        actions.ask_for_copy(session, document, actor=owner, title="Copy")
    first, second = queries.standing(session, document)
    client.post(at(document, "redactions", first.key, "confirm"))
    session.expire_all()
    assert (first.is_proposed, second.is_proposed) == (False, True)
    client.post(at(document, "redactions/confirm"))
    session.expire_all()
    assert second.is_proposed is False
    assert actions.ask_for_copy(session, document, actor=owner, title="Copy").words == "Copy"


def test_words_found_again_are_not_proposed_twice(session, report, redact):
    _client, document = report
    for _ in range(2):
        actions.find(session, document, actor=document.case.owner, words="hart", reason=Reason.STAFF)
        redact()

    assert len(queries.standing(session, document)) == 2
    assert [asked.found for asked in queries.work_of(session, document)] == [0, 2]


def test_the_copy_has_a_name_of_its_own(session, report):
    client, document = report
    marked(session, document)
    session.commit()

    page = client.post(at(document, "redactions/copy"), data={"title": "hart REPORT"}).text

    assert "Give the copy a name of its own" in page
    assert session.scalars(select(Redacting)).all() == []


def test_an_infected_file_is_not_redacted(session, report):
    _client, document = report
    quarantine = session.scalars(select(Quarantine).where(Quarantine.document_id == document.id)).one()
    quarantine.state = Safety.INFECTED

    with pytest.raises(NotPermitted):
        marked(session, document)


def test_what_is_no_pdf_and_no_picture_is_not_redacted(session, make, report):
    client, document = report
    letter = make.document(document.case, filename="letter.docx")
    session.commit()

    page = client.get(at(letter, "redactions/")).text

    assert "Only a PDF or a picture can be redacted here" in page
    assert 'name="left"' not in page
    with pytest.raises(RuleBroken, match="Only a PDF or a picture"):
        marked(session, letter)


def test_disclosing_the_original_of_a_redacted_copy_asks_whether_it_is_meant(session, make, report):
    client, document = report
    copy_of(make, document)
    session.commit()
    code = document.case.allegations[0].organisation.code

    page = client.post(at(document, "disclosures/new"), data={"organisation": code}).text
    client.post(at(document, "complainant"), data={})

    assert "“Safe copy” is a redacted copy of it." in page
    session.expire_all()
    assert (document.disclosures, document.shown_to_complainant) == ([], [])
    meant = {"original_is_meant": "y"}
    client.post(at(document, "disclosures/new"), data={"organisation": code, **meant})
    client.post(at(document, "complainant"), data=meant)
    session.expire_all()
    assert (len(document.disclosures), document.is_seen_by_complainant) == (1, True)


def test_a_withdrawn_copy_and_another_kind_of_version_ask_nothing(session, make, report):
    _client, document = report
    owner, to = document.case.owner, document.case.allegations[0].organisation
    copy = copy_of(make, document)
    make.document(document.case, follows=document, following=Following.CORRECTED)
    provenance.withdraw(session, copy, actor=owner, reasons="Wrong page.")

    evidence.disclose(session, document, actor=owner, organisation=to)

    assert document.is_disclosed_to(to.id)


def test_the_portal_shows_the_copy_and_nothing_of_the_original(session, make, reader, report):
    _client, document = report
    organisation = document.case.allegations[0].organisation
    copy = copy_of(make, document, filename="redacted-copy-1.pdf")
    evidence.disclose(session, copy, actor=document.case.owner, organisation=organisation)
    officer, account = reader(Role.LIAISON)
    account.organisation = organisation
    session.commit()

    page = officer.get(f"/trust/cases/{document.case.reference}").text

    assert "Safe copy" in page
    assert [told for told in ("Hart", document.filename, document.key) if told in page] == []
    for way in (f"/trust/documents/{document.key}", at(document), at(document, "redactions/list"), at(copy)):
        assert officer.get(way).status_code in {403, 404}


def test_the_list_of_marks_names_each_with_its_reason(session, report, redact):
    client, document = report
    marked(session, document, words="Named <clinician>")
    actions.ask_for_copy(session, document, actor=document.case.owner, title="Safe copy")
    redact()

    page = client.get(at(document, "redactions/list")).text

    assert "Safe copy, made" in page
    assert page.count("It identifies a member of staff or an adviser: Named &lt;clinician&gt;") == 2
    copy = session.scalars(select(Document).where(Document.title == "Safe copy")).one()
    assert "A redacted copy of it" in client.get(at(copy)).text
