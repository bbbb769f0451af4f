from __future__ import annotations

from datetime import date, timedelta

import pytest

from app import policy
from app.accounts.models import STAFF, Role
from app.allegations.models import CheckOutcome
from app.audit.models import AuditEntry
from app.audit.record import UNDER, verify
from app.cases.models import CaseStage
from app.checks import queries as checks
from app.complaints.models import ComplaintState
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.decisions import actions as decisions
from app.delegations import actions, queries
from app.delegations.models import Delegation
from app.duties import actions as duties
from app.duties.models import ConflictKind
from app.findings.models import FindingAuthor
from app.notices import queries as notices
from app.policy import DELEGABLE, GRANTS, Permission

APPROVE = Permission.DECISION_APPROVE


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER, name="Maud")


@pytest.fixture
def investigator(make):
    return make.account(Role.INVESTIGATOR, name="Idris")


@pytest.fixture
def delegate(session, manager, investigator):
    def delegate(permission=APPROVE, **given):
        values = {"actor": manager, "to": investigator, "from_on": clock.today(), "instrument": "Paragraph 4"}
        return actions.delegate(session, permission=permission, **(values | given))

    return delegate


def lent(session, permission, giver, to, **given):
    """A delegation as it might stand in the table, whatever the actions would have said."""
    values = {"from_on": clock.today(), "instrument": "Paragraph 4"}
    made = Delegation(permission=permission.value, giver=giver, to=to, **(values | given))
    session.add(made)
    session.flush()
    session.expire(to, ["delegated"])
    return made


@pytest.mark.parametrize("role", sorted(STAFF))
@pytest.mark.parametrize("permission", [*Permission])
def test_what_a_role_and_a_delegation_give_together(session, make, role, permission):
    giver, to = make.account(Role.OMBUDSMAN), make.account(role)
    lent(session, permission, giver, to)

    delegated = permission in DELEGABLE and permission in GRANTS[Role.OMBUDSMAN]
    assert policy.may(to, permission) is (permission in GRANTS[role] or delegated)


@pytest.mark.parametrize("permission", [*Permission])
def test_nothing_is_delegated_to_a_liaison_officer(session, make, permission):
    officer = make.account(Role.LIAISON)
    lent(session, permission, make.account(Role.OMBUDSMAN), officer)

    assert policy.may(officer, permission) is (permission in GRANTS[Role.LIAISON])


def test_whatever_can_be_delegated_is_somebodys_by_role_and_shows_nothing_that_is_hidden():
    assert set(DELEGABLE) <= GRANTS[Role.MANAGER]
    assert {each for each in DELEGABLE if each.value.partition(":")[2].startswith("view")} == set()


@pytest.mark.parametrize(
    ("from_days", "until_days", "holds"),
    [(0, None, True), (0, 0, True), (-5, 5, True), (1, None, False), (-5, -1, False)],
)
def test_it_holds_from_its_first_day_to_its_last(
    session, manager, investigator, from_days, until_days, holds
):
    today = clock.today()
    until_on = None if until_days is None else today + timedelta(days=until_days)
    lent(
        session, APPROVE, manager, investigator, from_on=today + timedelta(days=from_days), until_on=until_on
    )

    assert policy.may(investigator, APPROVE) is holds


def test_withdrawn_it_ends_at_once(session, make, investigator, delegate):
    made = delegate()
    assert policy.may(investigator, APPROVE)

    actions.withdraw(session, made, actor=make.account(Role.OMBUDSMAN), reasons="No longer needed.")

    assert not policy.may(investigator, APPROVE)
    with pytest.raises(RuleBroken, match="withdrawn already"):
        actions.withdraw(session, made, actor=made.giver, reasons="Again.")


def test_it_ends_with_the_role_and_the_account_of_who_gave_it(session, manager, investigator, delegate):
    delegate()
    manager.is_active = False
    assert not policy.may(investigator, APPROVE)

    manager.is_active, manager.held[0].role = True, Role.CASEWORKER
    assert not policy.may(investigator, APPROVE)

    manager.held[0].role = Role.OMBUDSMAN
    assert policy.may(investigator, APPROVE)
    investigator.is_active = False
    assert not policy.may(investigator, APPROVE)


def test_what_cannot_be_delegated_is_refused_with_the_reason(session, make, manager, investigator, delegate):
    refused = {}

    def why(name, **given):
        with pytest.raises((RuleBroken, NotPermitted)) as refusal:
            delegate(**given)
        refused[name] = str(refusal.value)

    today = clock.today()
    why("not delegable", permission=Permission.COMPLAINT_RESTRICT)
    why("to oneself", to=manager)
    why("to a liaison officer", to=make.account(Role.LIAISON, name="Lena"))
    why("to an administrator", to=make.account(Role.ADMINISTRATOR, name="Ada"))
    why("to the suspended", to=make.account(Role.INVESTIGATOR, name="Sue", is_active=False))
    why("to who may already", to=make.account(Role.MANAGER, name="Max"))
    why("by who may not delegate", actor=investigator, to=make.account(Role.CASEWORKER))
    why("from the past", from_on=today - timedelta(days=1))
    why("backwards", from_on=today + timedelta(days=9), until_on=today)
    delegate()
    why("twice", until_on=today)

    assert refused == {
        "not delegable": "This is not a decision that can be delegated.",
        "to oneself": "Nobody delegates to themselves.",
        "to a liaison officer": "Lena does not work on complaints.",
        "to an administrator": "Ada does not work on complaints.",
        "to the suspended": "Sue does not work on complaints.",
        "to who may already": "Max may do this already, by their own role.",
        "by who may not delegate": "Your role does not allow this.",
        "from the past": "It must not begin in the past: it makes nothing right that was done.",
        "backwards": "The last day must not be before the first.",
        "twice": "You have delegated this to Idris for some of these days already.",
    }


def test_nobody_delegates_what_they_do_not_hold_themselves_or_hold_by_delegation(
    session, make, manager, investigator, delegate, monkeypatch
):
    delegate()
    monkeypatch.setitem(GRANTS, Role.INVESTIGATOR, GRANTS[Role.INVESTIGATOR] | {Permission.DELEGATION_MAKE})

    for permission in (APPROVE, Permission.ALERT_ACKNOWLEDGE):
        with pytest.raises(NotPermitted, match="own role"):
            delegate(permission, actor=investigator, to=make.account(Role.CASEWORKER))


@pytest.fixture
def waiting(session, make):
    """A case whose decision waits for approval."""
    case = make.case(CaseStage.APPROVAL)
    session.commit()
    return case


def test_the_record_of_what_is_done_under_it_says_so(session, investigator, delegate, waiting):
    with pytest.raises(NotPermitted):
        decisions.approve(session, waiting, actor=investigator)
    delegate()
    session.commit()
    decisions.approve(session, waiting, actor=investigator)
    session.commit()

    told = session.query(AuditEntry).filter(AuditEntry.complaint_id == waiting.complaint_id).all()
    assert told
    assert {one.detail.get(UNDER) for one in told} == {"delegation by Maud: approve decisions"}
    assert list(verify(session)) == []


def test_the_story_of_a_case_tells_under_which_delegation(session, reader, manager, delegate, waiting):
    client, account = reader(Role.INVESTIGATOR)
    delegate(to=account)
    decisions.approve(session, waiting, actor=account)
    session.commit()

    assert "under a delegation by Maud: approve decisions" in client.get(f"/cases/{waiting.reference}").text


def test_what_somebody_does_in_their_own_right_is_not_told_as_delegated(
    session, investigator, delegate, waiting, make
):
    delegate()
    decisions.approve(session, waiting, actor=investigator)
    session.commit()
    own = make.account(Role.CASEWORKER)
    duties.declare_conflict(
        session,
        actor=investigator,
        account=investigator,
        kind=ConflictKind.OTHER,
        words="A neighbour.",
        since=clock.today(),
        complaint=waiting.complaint,
    )
    session.commit()

    last = session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()
    assert (last.event, last.detail.get(UNDER), own.delegated) == ("conflict.declared", None, [])


def test_a_conflict_of_interest_bars_whoever_it_was_delegated_to(session, investigator, delegate, waiting):
    delegate()
    duties.declare_conflict(
        session,
        actor=investigator,
        account=investigator,
        kind=ConflictKind.OTHER,
        words="A neighbour.",
        since=clock.today(),
        complaint=waiting.complaint,
    )

    with pytest.raises(NotPermitted, match="conflict of interest"):
        decisions.approve(session, waiting, actor=investigator)


@pytest.mark.parametrize("bar", ["a conflict", "an author"])
def test_nobody_confers_on_a_case_what_they_may_not_do_in_it_themselves(
    session, make, manager, investigator, delegate, waiting, bar
):
    delegate()
    if bar == "a conflict":
        words = {"kind": ConflictKind.OTHER, "words": "A neighbour.", "since": clock.today()}
        duties.declare_conflict(session, actor=manager, account=manager, complaint=waiting.complaint, **words)
    else:
        waiting.allegations[0].finding.authors.append(FindingAuthor(account_id=manager.id))
    session.commit()
    with pytest.raises(NotPermitted, match="Whoever delegated this to you may not do it here themselves"):
        decisions.approve(session, waiting, actor=investigator)

    lent(session, APPROVE, make.account(Role.OMBUDSMAN, name="Olu"), investigator)
    decisions.approve(session, waiting, actor=investigator)
    session.commit()

    told = session.query(AuditEntry).filter(AuditEntry.actor_id == investigator.id).all()
    assert {one.detail.get(UNDER) for one in told} == {"delegation by Olu: approve decisions"}


def test_whoever_wrote_a_finding_does_not_approve_it_by_delegation(session, investigator, delegate, waiting):
    delegate()
    finding = waiting.allegations[0].finding
    finding.authors.append(FindingAuthor(account_id=investigator.id))
    session.flush()

    with pytest.raises(NotPermitted, match="cannot also approve"):
        decisions.approve(session, waiting, actor=investigator)


def test_whoever_discretion_was_delegated_to_is_offered_and_nobody_else(
    session, make, manager, investigator, delegate
):
    complaint = make.complaint(state=ComplaintState.INITIAL_CHECK)
    make.allegation(complaint, outcome=CheckOutcome.ACCEPT)
    make.account(Role.CASEWORKER)
    delegate(APPROVE)
    assert set(checks.deciders(session, complaint)) == {manager}

    made = delegate(Permission.DISCRETION_DECIDE)
    assert set(checks.deciders(session, complaint)) == {manager, investigator}

    manager.is_active = False
    session.flush()
    assert set(checks.deciders(session, complaint)) == set()
    manager.is_active = True
    actions.withdraw(session, made, actor=manager, reasons="Over.")
    session.flush()
    assert set(checks.deciders(session, complaint)) == {manager}


def test_whoever_urgent_risks_were_delegated_to_is_told_of_them(
    session, make, manager, investigator, delegate
):
    assert notices.who_may(session, Permission.ALERT_ACKNOWLEDGE) == [manager]
    delegate(Permission.ALERT_ACKNOWLEDGE)

    assert set(notices.who_may(session, Permission.ALERT_ACKNOWLEDGE)) == {manager, investigator}


def test_it_comes_with_the_sign_in_and_costs_a_page_nothing(session, reader, make, manager, cost):
    client, account = reader(Role.CASEWORKER)
    before = cost(client, "/caseload/")
    for permission in DELEGABLE:
        if permission not in GRANTS[Role.CASEWORKER]:
            lent(session, permission, manager, account)

    assert cost(client, "/caseload/") == before


def test_the_page_lists_all_in_force_and_past_and_keeps_what_was_typed(session, reader, make):
    caseworker = make.account(Role.CASEWORKER, name="Amara Bellweather")
    client, account = reader(Role.MANAGER)
    today = clock.today()
    given = {"permission": "discretion:decide", "to": caseworker.key, "instrument": "Paragraph four"}
    given |= {
        "from_on-day": str(today.day),
        "from_on-month": str(today.month),
        "from_on-year": str(today.year),
    }

    refused = client.post("/delegations/new", data=given | {"to": account.key})
    assert "Nobody delegates to themselves." in refused.text and "Paragraph four" in refused.text
    assert "Select which decision." in client.post("/delegations/new", data=given | {"permission": "x"}).text
    assert client.post("/delegations/new", data=given).status_code == 302
    made = queries.in_force(session, today)[0]
    page = client.get("/delegations/").text
    assert "Amara Bellweather" in page and "Decide whether late allegations are looked into" in page
    assert (
        client.post(f"/delegations/{made.key}/withdrawal", data={"reasons": "Done with"}).status_code == 302
    )
    assert "Done with" in client.get("/delegations/").text
    session.expire_all()
    assert (queries.in_force(session, today), queries.past(session, today)) == ([], [made])


def test_past_ones_are_paged(session, make, manager, investigator):
    for _ in range(queries.PAGE + 2):
        lent(session, APPROVE, manager, investigator, from_on=date(2020, 1, 1), until_on=date(2020, 1, 2))
    first = queries.past(session, clock.today())
    rest = queries.past(session, clock.today(), first[queries.PAGE - 1].id)

    assert (len(first), len(rest)) == (queries.PAGE + 1, 2)
