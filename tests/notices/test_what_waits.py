"""Whoever is to decide something is told that it waits, once, and nobody who may not know of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.checks import discretion
from app.complaints.models import Channel, Part, Party
from app.concerns import actions as concerns
from app.consents import disagreements
from app.core import clock
from app.decisions import actions as decisions
from app.duties.models import NamedAccess
from app.findings.models import FindingAuthor
from app.notices import actions
from app.notices.models import Choice, Notice, NoticeKind
from app.people.models import Person
from tests.checks.conftest import put_out_of_time
from tests.notices.test_notices import digest, messages

K = NoticeKind


@pytest.fixture
def caseworker(make):
    return make.account(Role.CASEWORKER)


@pytest.fixture
def managers(make):
    return [make.account(Role.MANAGER), make.account(Role.OMBUDSMAN)]


def told(session):
    session.flush()
    return [(one.account, one.kind) for one in session.scalars(select(Notice).order_by(Notice.id))]


def named(session, account, complaint):
    session.add(NamedAccess(complaint_id=complaint.id, account=account, named_by_id=account.id))
    session.flush()


def test_whoever_was_named_to_decide_a_late_complaint_is_told(session, make, caseworker, managers):
    allegation = make.allegation()
    put_out_of_time(session, allegation, actor=caseworker)

    discretion.open_discretion(
        session,
        allegation,
        actor=caseworker,
        decider=managers[1],
        for_looking="Grief.",
        against_looking="No.",
    )

    assert told(session) == [(managers[1], K.DISCRETION)]
    assert digest(session, managers[1])
    assert messages(session) == [
        (managers[1].email, ["1 × late complaint, for you to decide whether it is looked into"])
    ]


def test_whoever_may_approve_a_decision_is_told_and_not_who_wrote_it(session, make, managers):
    case = make.case(CaseStage.PROVISIONAL_VIEWS, owner=make.account(Role.MANAGER))
    wrote_a_finding = FindingAuthor(account_id=make.account(Role.MANAGER).id)
    case.allegations[0].finding.authors.append(wrote_a_finding)
    case.provisional_views[-1].comments_due_on = clock.today() - timedelta(days=1)
    session.flush()

    decisions.propose(session, case, actor=case.owner)

    assert told(session) == [(one, K.APPROVAL) for one in managers]


def test_managers_are_told_of_a_disagreement_and_of_a_concern(session, make, caseworker, managers):
    complaint = make.complaint()
    people = [Person(name=f"Person {number}", search_name=f"person {number}") for number in (1, 2)]
    complaint.parties.extend(Party(person=one, part=Part.FAMILY_MEMBER) for one in people)
    session.flush()

    disagreements.record_disagreement(
        session, complaint, actor=caseworker, one=people[0], other=people[1], about="Whether to go on."
    )
    concerns.record_concern(session, actor=managers[0], about="Stones.", why_outside="It harmed nobody.")

    assert told(session) == [(one, K.DISAGREEMENT) for one in managers] + [(managers[1], K.CONCERN)]


def test_of_what_is_restricted_only_those_hear_who_may_know_of_it(session, make, caseworker):
    complaint = make.complaint(is_restricted=True)
    knows, _does_not = make.account(Role.MANAGER), make.account(Role.MANAGER)
    named(session, knows, complaint)
    people = [Person(name=f"Person {number}", search_name=f"person {number}") for number in (1, 2)]
    complaint.parties.extend(Party(person=one, part=Part.FAMILY_MEMBER) for one in people)
    session.flush()

    disagreements.record_disagreement(
        session, complaint, actor=caseworker, one=people[0], other=people[1], about="Whether to go on."
    )

    assert told(session) == [(knows, K.DISAGREEMENT)]


def test_who_wants_only_what_is_urgent_is_not_told_that_something_waits(session, managers, caseworker):
    actions.choose(session, actor=managers[0], choice=Choice.URGENT_ONLY)
    session.flush()

    concerns.record_concern(session, actor=caseworker, about="Stones.", why_outside="It harmed nobody.")

    assert told(session) == [(managers[1], K.CONCERN)]


def test_caseworkers_hear_how_many_complaints_came_by_the_form_since_they_last_heard(
    session, make, caseworker, today
):
    today(2026, 3, 2)
    investigator = make.account(Role.INVESTIGATOR)
    make.complaint(channel=Channel.WEB)
    make.complaint(channel=Channel.WEB)
    make.complaint(channel=Channel.WEB, is_restricted=True)
    make.complaint(channel=Channel.POST)
    assert digest(session, caseworker)
    assert not digest(session, investigator)
    today(2026, 3, 3)
    make.complaint(channel=Channel.WEB)

    assert digest(session, caseworker)
    today(2026, 3, 4)
    assert not digest(session, caseworker)

    words = "complaint that came by the form for the public, to be checked"
    assert messages(session) == [(caseworker.email, [f"{n} × {words}"]) for n in (2, 1)]
