"""What came with a complaint is kept as it came, and is evidence once somebody enters it as that."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import Access, AccessEntry
from app.cases.models import CaseStage
from app.core.errors import RuleBroken
from app.evidence.models import CopyKind, Supplier
from app.examining import actions as examining
from app.examining.models import Safety
from app.papers import actions


@pytest.fixture
def case(make):
    return make.case(CaseStage.PRIMARY_INVESTIGATION, owner=make.account(Role.INVESTIGATOR))


@pytest.fixture
def kept(app):
    return app.extensions["files"].keep(BytesIO(b"%PDF-1.4 A report."), limit=99)


def receive(session, complaint, kept, name="report.pdf"):
    return actions.receive(
        session, complaint, actor=None, kept=kept, filename=name, media_type="application/pdf"
    )


def test_a_paper_becomes_a_document_of_the_complainant_that_nobody_else_sees(session, make, case, kept):
    paper = receive(session, case.complaint, kept)

    document = actions.enter(session, paper, actor=case.owner)

    assert (document.case, document.sha256, document.supplier, document.copy_kind, document.disclosures) == (
        case,
        kept.sha256,
        Supplier.COMPLAINANT,
        CopyKind.COPY,
        [],
    )
    assert (document.supplied_on, paper.document) == (case.complaint.received_on, document)


def test_a_paper_is_entered_once_and_only_in_a_case(session, make, case, kept):
    paper, waiting = receive(session, case.complaint, kept), receive(session, make.complaint(), kept)
    actions.enter(session, paper, actor=case.owner)

    with pytest.raises(RuleBroken, match="already"):
        actions.enter(session, paper, actor=case.owner)
    with pytest.raises(RuleBroken, match="There is no case yet"):
        actions.enter(session, waiting, actor=case.owner)


def test_papers_are_found_under_their_own_complaint_and_by_no_outsider(session, make, reader, case, kept):
    client, _account = reader(Role.CASEWORKER)
    officer = reader(Role.LIAISON)[0]
    paper, other = receive(session, case.complaint, kept), make.complaint()
    restricted = receive(session, make.complaint(is_restricted=True), kept, "secret.pdf")
    session.commit()

    there = f"/complaints/{case.reference}/papers"
    assert "report.pdf" in client.get(there).text
    answers = {
        "elsewhere": client.get(f"/complaints/{other.reference}/papers/{paper.key}"),
        "restricted": client.get(f"/complaints/{restricted.complaint.reference}/papers"),
        "restricted file": client.get(
            f"/complaints/{restricted.complaint.reference}/papers/{restricted.key}"
        ),
        "officer": officer.get(there),
        "officer's file": officer.get(f"{there}/{paper.key}"),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 404)


def test_a_press_enters_a_paper_and_leads_to_the_document(session, reader, case, make, kept):
    client, account = reader(Role.INVESTIGATOR)
    case.owner = account
    paper = receive(session, case.complaint, kept)
    session.commit()
    where = f"/cases/{case.reference}/papers/{paper.key}/enter"

    assert "Enter as evidence" in client.get(f"/complaints/{case.reference}/papers").text
    assert client.post(where).status_code == 302
    assert client.post(where).status_code == 409
    assert len(case.documents) == 1


def test_a_paper_that_is_fetched_is_noted_as_downloaded(session, make, reader, kept):
    client, account = reader(Role.CASEWORKER)
    paper = receive(session, make.complaint(), kept)
    session.commit()
    where = f"/complaints/{paper.complaint.reference}/papers"

    client.get(where).close()
    client.get(f"{where}/{paper.key}").close()

    mine = select(AccessEntry).where(AccessEntry.account_id == account.id, AccessEntry.page.like("papers.%"))
    noted = [(entry.kind, entry.page) for entry in session.scalars(mine.order_by(AccessEntry.id))]
    assert noted == [(Access.OPENED, "papers.search"), (Access.DOWNLOADED, "papers.download")]


def test_a_paper_in_which_a_virus_was_found_is_given_to_nobody(session, make, reader, case, kept):
    client, _account = reader(Role.CASEWORKER)
    paper = receive(session, case.complaint, kept)
    elsewhere = receive(session, make.complaint(), kept)
    document = actions.enter(session, paper, actor=case.owner)
    session.flush()
    examining.scanned(session, document, Safety.INFECTED, infection="Eicar-Test")
    session.commit()

    there = f"/complaints/{case.reference}/papers"
    page = client.get(there).text
    answers = [
        client.get(f"{there}/{paper.key}"),
        client.get(f"/complaints/{elsewhere.complaint.reference}/papers/{elsewhere.key}"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "Eicar-Test was found in this file. It is kept, and given to nobody." in answers[0].text
    assert "Infected: given to nobody" in page
    assert f"{there}/{paper.key}" not in page
