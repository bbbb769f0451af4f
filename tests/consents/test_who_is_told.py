"""Who is addressed when people in a complaint disagree, or when somebody's right to act for another is over."""

from __future__ import annotations

from datetime import date

import pytest

from app.accounts.models import Role
from app.checks.queries import recipients_of_reasons
from app.complaints import actions as complaints
from app.complaints.models import Part, Party
from app.consents import actions, bases, disagreements
from app.consents.minding import minded_in
from app.consents.models import BasisKind, Sees
from app.consents.rights import Right, actors_in
from app.core import clock
from app.people.models import Person
from tests.consents.conftest import family_of
from tests.consents.test_disagreements import brother_in


@pytest.fixture
def family(session, make):
    return family_of(session, make, make.complaint())


def test_whoever_becomes_a_complainant_is_sent_the_reasons_whatever_was_decided_before(session, make, family):
    brother = brother_in(family)
    dispute = disagreements.record_disagreement(
        session,
        family.complaint,
        actor=family.caseworker,
        one=family.daughter,
        other=brother,
        about="Whether to complain at all.",
    )
    session.flush()
    disagreements.decide(
        session,
        dispute,
        actor=make.account(Role.MANAGER),
        dealt_with=family.daughter,
        one_sees=Sees.EVERYTHING,
        other_sees=Sees.NOTHING,
        reasons="She cared for him.",
    )
    assert brother not in recipients_of_reasons(family.complaint).to

    complaints.add_person(
        session, family.complaint, actor=family.caseworker, part=Part.COMPLAINANT, person=brother
    )
    session.flush()
    session.expire_all()

    assert brother in recipients_of_reasons(family.complaint).to
    assert minded_in(session, family.complaint, clock.today()).not_sent("decisions") == []


def test_nothing_is_printed_before_it_is_decided_what_each_is_sent(reader, session, make):
    client, account = reader(Role.CASEWORKER)
    family = family_of(session, make, make.complaint())
    brother = brother_in(family)
    disagreements.record_disagreement(
        session, family.complaint, actor=account, one=family.daughter, other=brother, about="The letter."
    )
    session.commit()
    page = f"/complaints/{family.complaint.reference}/reasons"

    assert "paper--held" in client.get(page).text
    assert "it is not decided yet what each of them is sent" in client.get(page).text


def test_a_representative_whose_consent_was_withdrawn_is_no_longer_addressed(session, family):
    other = Person(name="Rosalind Amberley", search_name="rosalind amberley")
    family.complaint.parties.append(Party(person=other, part=Part.REPRESENTATIVE))
    session.flush()
    consent = family.consents(to=other)
    assert other in recipients_of_reasons(family.complaint).to

    actions.withdraw(session, consent, actor=family.caseworker, on=clock.today(), reasons="They fell out.")

    told = recipients_of_reasons(family.complaint)
    assert (other in told.to, told.no_longer) == (False, [other])


def test_nobody_acts_as_a_parent_for_somebody_who_has_come_of_age(session, today, family):
    today(2026, 1, 10)
    family.father.born_on = date(2008, 2, 1)
    basis = bases.say(session, family.acting, actor=family.caseworker, kind=BasisKind.PARENT)
    session.flush()
    bases.accept(session, basis, actor=family.caseworker, reasons="The birth certificate.")
    session.flush()

    rights = [actors_in(family.complaint, day)[0].right for day in (date(2026, 1, 31), date(2026, 2, 1))]

    assert rights == [Right.ACCEPTED, Right.CAME_OF_AGE]
