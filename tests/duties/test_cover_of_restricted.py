"""What is restricted is open to whoever covers for somebody who may know of it, and no longer than they cover."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import policy
from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.cases.models import CaseStage
from app.complaints.models import Part, Party
from app.core import clock
from app.duties import actions, queries
from app.duties.models import ConflictKind
from app.people.models import Person


@pytest.fixture
def restricted(session, make):
    manager = make.account(Role.MANAGER)
    case = make.case(CaseStage.COMPLIANCE, owner=make.account(Role.INVESTIGATOR))
    make.recommendation(case)
    make.document(case)
    person = Person(name="Somebody", search_name="somebody")
    case.complaint.parties.append(Party(person=person, part=Part.PERSON_AFFECTED))
    actions.restrict(session, case.complaint, actor=manager, reasons="A colleague’s family.")
    session.flush()
    return case


def arrange(session, account, cover, *, actor=None, from_in=0, to_in=3):
    today = clock.today()
    return actions.arrange_absence(
        session,
        actor=actor or account,
        account=account,
        cover=cover,
        from_on=today + timedelta(days=from_in),
        to_on=today + timedelta(days=to_in),
    )


def known(session, account, case):
    """In how many of the ways of looking this person finds the case: in all, or in none."""
    session.commit()
    ways = [
        case.complaint in session.scalars(policy.visible_complaints(account)).all(),
        case in session.scalars(policy.visible_cases(account)).all(),
        case.reference in [line.reference for line in session.scalars(policy.visible_lines(account))],
        case.complaint.parties[0].person in session.scalars(policy.visible_people(account)).all(),
        case.documents[0] in session.scalars(policy.visible_documents(account)).all(),
        case.allegations[0] in session.scalars(policy.visible_allegations(account)).all(),
        case.recommendations[0] in session.scalars(policy.visible_recommendations(account)).all(),
    ]
    assert len(set(ways)) == 1
    return ways[0]


def told(session, case):
    session.flush()
    found = select(AuditEntry.event).where(AuditEntry.complaint_id == case.complaint_id)
    return [one for one in session.scalars(found.order_by(AuditEntry.id)) if "cover" in one]


def test_whoever_covers_for_its_investigator_knows_of_it_until_they_are_back(session, make, restricted):
    cover = make.account(Role.INVESTIGATOR)
    assert not known(session, cover, restricted)

    absence = arrange(session, restricted.owner, cover)
    assert known(session, cover, restricted)

    actions.end_absence(session, absence, actor=restricted.owner)
    assert not known(session, cover, restricted)
    assert told(session, restricted) == ["access.cover_opened", "access.cover_closed"]


def test_whoever_covers_for_somebody_who_is_named_knows_of_it_too(session, make, restricted):
    named, cover = make.account(Role.CASEWORKER), make.account(Role.CASEWORKER)
    arrange(session, named, cover)
    assert not known(session, cover, restricted)

    manager = next(one.account for one in queries.named(session, restricted.complaint))
    actions.name(session, restricted.complaint, actor=manager, account=named)

    assert known(session, cover, restricted)
    assert told(session, restricted) == ["access.cover_opened"]


def test_it_is_open_on_the_days_of_the_cover_and_on_no_other(session, make, restricted, today):
    cover, start = make.account(Role.INVESTIGATOR), clock.today()
    arrange(session, restricted.owner, cover, from_in=1, to_in=2)

    on = []
    for days in range(4):
        day = start + timedelta(days=days)
        today(day.year, day.month, day.day)
        on.append(known(session, cover, restricted))
    assert on == [False, True, True, False]


@pytest.mark.parametrize("what", ["complaint", "organisation", "person", "asked"])
def test_a_conflict_of_interest_keeps_it_closed(session, make, restricted, what):
    cover = make.account(Role.INVESTIGATOR)
    asked = make.recommendation(restricted, organisation=make.organisation())
    with_what = {
        "complaint": {"complaint": restricted.complaint},
        "organisation": {"organisation": restricted.allegations[0].organisation},
        "person": {"person": restricted.complaint.parties[0].person},
        "asked": {"organisation": asked.organisation},
    }[what]
    manager = next(one.account for one in queries.named(session, restricted.complaint))
    why = {"kind": ConflictKind.OTHER, "words": "A friend.", "since": clock.today()}
    actions.declare_conflict(session, actor=manager, account=cover, **why, **with_what)

    arrange(session, restricted.owner, cover)

    assert not known(session, cover, restricted)
    assert queries.who_covers(session, restricted.complaint) == []
    assert told(session, restricted) == []


def test_nobody_lets_themselves_in_by_arranging_that_they_cover(session, make, restricted):
    cover = make.account(Role.MANAGER)
    named = next(one.account for one in queries.named(session, restricted.complaint))

    arrange(session, named, cover, actor=cover)

    assert not known(session, cover, restricted)
    assert queries.who_covers(session, restricted.complaint) == []


def test_who_covers_is_shown_on_the_case_and_in_its_story(session, reader, make, restricted):
    client, cover = reader(Role.INVESTIGATOR)
    arrange(session, restricted.owner, cover)
    session.commit()
    here = f"/complaints/{restricted.reference}"

    assert f"{cover.name}, as cover for {restricted.owner.name} from" in client.get(f"{here}/file").text
    assert f"as cover for {restricted.owner.name}." in client.get(f"{here}/story").text
