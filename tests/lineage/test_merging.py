from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.contacts import actions as contacts
from app.contacts.models import ContactKind
from app.core.errors import NotPermitted, RuleBroken
from app.evidence.models import Disclosure
from app.lineage import actions, merging
from app.lineage.models import SuccessionKind
from app.organisations import queries as organisations
from app.organisations.models import Organisation, Source


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def twice(make):
    """A record entered by hand, and the register's of the same body."""
    duplicate = make.organisation("St. Alfreds Trust")
    into = make.organisation("St Alfred's NHS Trust", code="RZ1", source=Source.REGISTER)
    return duplicate, into


def test_the_old_code_and_the_old_name_lead_to_what_stays(session, reader, twice):
    duplicate, into = twice
    client, account = reader(Role.MANAGER)
    merging.merge(session, duplicate, actor=account, into=into, reasons="The same.")
    session.commit()

    assert organisations.by_code(session, duplicate.code) is into
    assert organisations.search(session, duplicate.code) == [into]
    assert organisations.search(session, "alfreds") == [into]
    assert organisations.exactly_named(session, "St. Alfreds Trust") is into
    answer = client.get(f"/organisations/{duplicate.code}")
    assert (answer.status_code, answer.location) == (302, "/organisations/RZ1")
    assert "St. Alfreds Trust" in client.get("/organisations/RZ1").text


def test_lists_follow_at_once(session, reader, make, twice):
    duplicate, into = twice
    reference = make.allegation(organisation=duplicate).complaint.reference
    client, account = reader(Role.MANAGER)
    merging.merge(session, duplicate, actor=account, into=into, reasons="The same.")
    session.commit()

    for code in (into.code, duplicate.code):
        assert reference in client.get(f"/caseload/?organisation={code}").text


def test_officers_are_signed_out_and_answer_for_what_stays(session, reader, manager, twice):
    duplicate, into = twice
    client, officer = reader(Role.LIAISON)
    officer.organisation = duplicate
    session.commit()
    assert client.get("/trust/").status_code == 200

    merging.merge(session, duplicate, actor=manager, into=into, reasons="The same.")
    session.commit()

    assert officer.organisation is into
    assert client.get("/trust/").status_code == 302


def test_what_was_moved_on_since_does_not_go_back(session, make, manager, twice):
    duplicate, into = twice
    stays, goes = make.allegation(organisation=duplicate), make.allegation(organisation=duplicate)
    made = merging.merge(session, duplicate, actor=manager, into=into, reasons="The same.")
    stays.organisation = elsewhere = make.organisation("Elsewhere")
    session.flush()

    merging.undo(session, made, actor=manager, reasons="Two after all.")

    assert (stays.organisation, goes.organisation) == (elsewhere, duplicate)
    with pytest.raises(RuleBroken, match="undone already"):
        merging.undo(session, made, actor=manager, reasons="Again.")


@pytest.mark.parametrize("what", ["shown", "asked"])
def test_it_is_not_undone_while_what_stays_was_shown_or_asked_something_since(
    session, make, manager, twice, what
):
    duplicate, into = twice
    case = make.case(CaseStage.COMPLIANCE, organisation=duplicate)
    before, document = make.recommendation(case), make.document(case)
    session.add(Disclosure(document=document, organisation=duplicate, disclosed_by_id=manager.id))
    session.flush()
    made = merging.merge(session, duplicate, actor=manager, into=into, reasons="The same.")
    if what == "shown":
        document = make.document(case)
        since = Disclosure(document=document, organisation=into, disclosed_by_id=manager.id)
        session.add(since)
    else:
        since = make.recommendation(case)
    session.flush()
    assert since.organisation is into

    with pytest.raises(RuleBroken, match="Ask an ombudsman"):
        merging.undo(session, made, actor=manager, reasons="Two after all.")

    session.delete(since)
    session.flush()
    session.expire_all()
    merging.undo(session, made, actor=manager, reasons="Two after all.")
    assert before.organisation is duplicate


def test_a_chain_of_merges_leads_to_the_last_and_is_undone_from_its_end(session, make, manager):
    a, b, c = (make.organisation(name) for name in "ABC")
    first = merging.merge(session, a, actor=manager, into=b, reasons="The same.")
    second = merging.merge(session, b, actor=manager, into=c, reasons="The same.")
    session.commit()
    assert organisations.by_code(session, a.code) is c

    with pytest.raises(RuleBroken, match="Undo that first"):
        merging.undo(session, first, actor=manager, reasons="Wrong.")
    merging.undo(session, second, actor=manager, reasons="Wrong.")
    assert organisations.by_code(session, a.code) is b


def test_what_cannot_be_one_is_refused(session, make, manager, twice):
    duplicate, into = twice
    refused = {}

    def why(name, first, second):
        with pytest.raises(RuleBroken) as refusal:
            merging.merge(session, first, actor=manager, into=second, reasons="The same.")
        refused[name] = str(refusal.value)

    why("itself", duplicate, duplicate)
    why("the register's", into, duplicate)
    successor = make.organisation("Successor")
    actions.record_succession(
        session,
        duplicate,
        actor=manager,
        to=successor,
        kind=SuccessionKind.RENAMED,
        happened_on=date(2019, 4, 1),
        source="A letter",
    )
    why("its successor", duplicate, successor)
    why("its predecessor", successor, duplicate)
    one = make.allegation(organisation=duplicate)
    other = make.allegation(one.complaint, organisation=into)
    other.issue = one.issue
    session.flush()
    why("one issue against both", duplicate, into)

    assert refused == {
        "itself": "These are one record already.",
        "the register's": "Only what was entered by hand is a duplicate: the register lists each body once.",
        "its successor": "It is recorded that one of these came from the other. Withdraw that first.",
        "its predecessor": "It is recorded that one of these came from the other. Withdraw that first.",
        "one issue against both": (
            "They are recorded side by side as two organisations, and cannot be made one yet. Look through"
            " what is recorded about both and correct it, or ask the ombudsman, who can see all of it."
        ),
    }


def test_two_link_officers_are_not_made_into_one(session, manager, twice):
    for organisation in twice:
        contacts.add_contact(
            session,
            organisation,
            actor=manager,
            kind=ContactKind.LINK_OFFICER,
            name="Somebody",
            from_on=date(2020, 1, 1),
        )

    with pytest.raises(RuleBroken, match="link officer"):
        merging.merge(session, twice[0], actor=manager, into=twice[1], reasons="The same.")


@pytest.mark.parametrize("is_predecessor", [True, False])
def test_a_portal_that_is_open_is_closed_before_either_side_is_merged(
    session, make, manager, twice, is_predecessor
):
    duplicate, into = twice
    sides = [duplicate, make.organisation("Another")]
    was, to = sides if is_predecessor else reversed(sides)
    step = {"kind": SuccessionKind.MERGED, "happened_on": date(2019, 4, 1), "source": "A letter"}
    made = actions.record_succession(session, was, actor=manager, to=to, **step)
    actions.open_portal(session, made, actor=manager, reasons="They answer for it.")
    session.flush()

    with pytest.raises(RuleBroken, match="Close the portal first"):
        merging.merge(session, duplicate, actor=manager, into=into, reasons="The same.")

    actions.close_portal(session, made, actor=manager)
    merging.merge(session, duplicate, actor=manager, into=into, reasons="The same.")
    assert duplicate.merged_into_id == into.id


def test_merging_is_for_managers(session, make, twice):
    with pytest.raises(NotPermitted):
        merging.merge(
            session, twice[0], actor=make.account(Role.CASEWORKER), into=twice[1], reasons="The same."
        )
    assert session.scalar(select(func.count()).where(Organisation.merged_into_id.is_not(None))) == 0
