from __future__ import annotations

import pytest

from app import policy
from app.accounts.models import Role
from app.cases import actions as cases
from app.cases.models import CaseStage
from app.complaints.models import Part, Party
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.duties import actions, queries
from app.duties.models import ConflictKind
from app.people.models import Person
from app.policy import Permission

BARRED = {
    Permission.CASE_INVESTIGATE,
    Permission.CASE_CLOSE,
    Permission.COMMENT_ANSWER,
    Permission.DECISION_APPROVE,
    Permission.DECISION_PROPOSE,
    Permission.DOCUMENT_DISCLOSE,
    Permission.FINDING_WRITE,
    Permission.PROVISIONAL_VIEWS_SHARE,
    Permission.RECOMMENDATION_JUDGE,
    Permission.RECOMMENDATION_MAKE,
}


def declare(session, account, *, by=None, **with_what):
    return actions.declare_conflict(
        session,
        actor=by or account,
        account=account,
        kind=ConflictKind.WORKED_THERE,
        words="Until last year.",
        since=clock.today(),
        **with_what,
    )


def subject(make, case, what):
    """What a conflict is with: the case itself, an organisation in it, or a person in it."""
    if what == "complaint":
        return {"complaint": case.complaint}
    if what == "organisation":
        return {"organisation": case.allegations[0].organisation}
    person = Person(name="Somebody", search_name="somebody")
    case.complaint.parties.append(Party(person=person, part=Part.COMPLAINANT))
    make.session.flush()
    return {"person": person}


@pytest.mark.parametrize("what", ["complaint", "organisation", "person"])
def test_a_case_is_not_given_to_who_has_a_conflict_with_it_or_anybody_in_it(session, make, what):
    manager, investigator, case = make.account(Role.MANAGER), make.account(Role.INVESTIGATOR), make.case()
    declare(session, investigator, **subject(make, case, what))

    with pytest.raises(RuleBroken, match="has a conflict of interest here and cannot be given") as refused:
        cases.allocate(session, case, actor=manager, owner=investigator)

    assert refused.value.field == "owner"
    cases.allocate(session, make.case(), actor=manager, owner=investigator)


def test_a_conflict_with_an_organisation_counts_where_it_is_asked_as_the_successor(session, make):
    manager, successor = make.account(Role.MANAGER), make.organisation("Successor")
    case = make.recommendation(organisation=successor).case
    assert successor not in {allegation.organisation for allegation in case.allegations}
    assert policy.may(manager, Permission.RECOMMENDATION_JUDGE, case)

    conflict = declare(session, manager, organisation=successor)
    session.flush()

    assert not policy.may(manager, Permission.RECOMMENDATION_JUDGE, case)
    assert list(queries.conflicts_with(session, case.complaint)) == [conflict]


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.MANAGER, Role.OMBUDSMAN])
def test_who_has_a_conflict_decides_nothing_in_the_case_whatever_their_role(session, make, role):
    account = make.account(role)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=account if role is Role.INVESTIGATOR else None)
    mine = {one for one in BARRED if policy.may(account, one, case)}
    assert mine

    conflict = declare(session, account, complaint=case.complaint)
    assert {one for one in BARRED if policy.may(account, one, case)} == set()

    actions.lift_conflict(session, conflict, actor=make.account(Role.MANAGER), reasons="It was a namesake.")
    assert {one for one in BARRED if policy.may(account, one, case)} == mine


def test_a_manager_records_the_conflict_of_another_and_nobody_lifts_their_own(session, make):
    manager, worker, case = make.account(Role.MANAGER), make.account(Role.CASEWORKER), make.case()

    with pytest.raises(NotPermitted):
        declare(session, manager, by=worker, complaint=case.complaint)
    declare(session, worker, by=manager, complaint=case.complaint)
    with pytest.raises(RuleBroken, match="declared already"):
        declare(session, worker, complaint=case.complaint)
    own = declare(session, manager, complaint=case.complaint)
    with pytest.raises(NotPermitted, match="Nobody lifts their own"):
        actions.lift_conflict(session, own, actor=manager, reasons="It is nothing.")


def test_the_page_that_gives_a_case_says_who_is_not_offered_and_why(session, make, reader):
    client, _manager = reader(Role.MANAGER)
    case, barred, free = make.case(), make.account(Role.INVESTIGATOR), make.account(Role.INVESTIGATOR)
    declare(session, barred, complaint=case.complaint)
    session.commit()

    page = client.get(f"/cases/{case.reference}/owner").text
    assert f'value="{free.key}"' in page
    assert f'value="{barred.key}"' not in page
    assert f"{barred.name}, with case {case.reference}: works or worked there" in page
    answer = client.post(f"/cases/{case.reference}/owner", data={"owner": barred.key})
    assert "cannot be given this case" in answer.text


def test_a_conflict_is_declared_and_lifted_in_the_pages(session, make, reader):
    client, manager = reader(Role.MANAGER)
    case, other = make.case(), make.account(Role.INVESTIGATOR)
    organisation = case.allegations[0].organisation
    session.commit()
    answers = {
        "kind": "money",
        "words": "Shares.",
        "since-day": "1",
        "since-month": "1",
        "since-year": "2020",
    }

    page = f"/complaints/{case.reference}/conflicts/new"
    subject = f"organisation-{organisation.code}"
    assert client.post(page, data={**answers, "account": other.key, "subject": subject}).status_code == 302
    assert (
        "Select with what." in client.post(page, data={**answers, "account": other.key, "subject": "x"}).text
    )
    mine = f"/conflicts/organisations/new?organisation={organisation.code}"
    assert client.post(mine, data={**answers, "account": manager.key}).status_code == 302

    shown = client.get("/conflicts/").text
    assert shown.count("Shares.") == 2
    [theirs] = [one for one in queries.conflicts_with(session, case.complaint) if one.account_id == other.id]
    assert client.post(f"/conflicts/{theirs.key}/lift", data={"reasons": "Sold."}).status_code == 302
    assert client.get("/conflicts/").text.count("Shares.") == 1
