"""Nothing that is unscanned or infected is given to anybody outside, unless a manager has answered for it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.core.errors import NotPermitted, RuleBroken
from app.evidence.models import Disclosure
from app.examining import actions, queries
from app.examining.models import Quarantine, Safety

SAYS = {
    Safety.RECEIVED: "This file is still being scanned for viruses. Try again in a few minutes.",
    Safety.SCANNING: "This file is still being scanned for viruses. Try again in a few minutes.",
    Safety.NOT_SCANNED: "This file has not been scanned for viruses, so it is not given out yet. Ask the office.",
    Safety.INFECTED: "A virus was found in this file, so it is given to nobody. Send it again from a clean copy.",
    Safety.UNREADABLE: "The office cannot read this file at the moment. It has been told.",
}


@pytest.fixture
def document(session, entered):
    return entered("report.txt", b"No acute finding.")


@pytest.fixture
def quarantine(session, document):
    return session.scalars(select(Quarantine).where(Quarantine.document_id == document.id)).one()


@pytest.mark.parametrize("state", SAYS)
def test_what_is_not_clean_does_not_go_out_and_says_why(session, document, quarantine, state):
    quarantine.state = state

    with pytest.raises(NotPermitted) as refused:
        queries.require_to_go_out(session, document)

    assert str(refused.value) == SAYS[state]


def test_a_liaison_officer_is_given_a_file_once_it_is_clean(session, document, quarantine, reader):
    client, account = reader(Role.LIAISON)
    shown = Disclosure(organisation=account.organisation, disclosed_by_id=document.added_by_id)
    document.disclosures.append(shown)
    session.commit()
    address = f"/trust/documents/{document.key}"

    refused = client.get(address)
    quarantine.state = Safety.CLEAN
    session.commit()
    with client.get(address) as given:
        assert (refused.status_code, given.status_code, given.data) == (403, 200, b"No acute finding.")
    assert "still being scanned" in refused.text


def test_a_manager_releases_what_was_not_scanned_with_reasons(session, make, document, quarantine):
    manager = make.account(Role.MANAGER)
    quarantine.state = Safety.NOT_SCANNED

    actions.release(session, document, actor=manager, reasons="Scanned at the trust.")

    assert (quarantine.may_go_out, quarantine.released_by_id, quarantine.release_reasons) == (
        True,
        manager.id,
        "Scanned at the trust.",
    )
    with pytest.raises(RuleBroken, match="may go out already"):
        actions.release(session, document, actor=manager, reasons="Again.")


@pytest.mark.parametrize("state", [Safety.INFECTED, Safety.RECEIVED])
def test_nobody_releases_what_is_infected_or_still_to_be_scanned(session, make, document, quarantine, state):
    quarantine.state = state

    with pytest.raises(RuleBroken):
        actions.release(session, document, actor=make.account(Role.MANAGER), reasons="I say so.")

    assert not quarantine.may_go_out


def test_an_investigator_releases_nothing(session, document, quarantine):
    quarantine.state = Safety.NOT_SCANNED

    with pytest.raises(NotPermitted):
        actions.release(session, document, actor=document.case.owner, reasons="I say so.")


def test_the_office_itself_is_not_given_what_is_infected(session, document, quarantine, reader):
    client, _account = reader(Role.MANAGER)
    quarantine.state, quarantine.infection = Safety.INFECTED, "Eicar-Test"
    session.commit()

    answer = client.get(f"/cases/{document.case.reference}/evidence/{document.key}/file")

    assert answer.status_code == 403
    assert "Eicar-Test was found in this file. It is kept, and given to nobody." in answer.text


def test_the_page_of_a_case_says_what_failed_and_why_and_tries_it_again(session, entered, work, told, reader):
    document = entered("cut.pdf", b"%PDF-1.7\n1 0 obj")
    work()
    client, _account = reader(Role.CASEWORKER)
    page = f"/cases/{document.case.reference}/examinations/"

    said = client.get(page).text
    answer = client.post(f"{page}{document.key}/again")

    assert "Scan for viruses: there is no scanner" in said
    assert "Read its words: failed" in said
    assert "This PDF is damaged or cut off: it cannot be opened." in said
    assert answer.status_code in {302, 303}
    session.expire_all()
    assert told(document)[1]["text"] == ("waiting", "")
