"""What is done in somebody’s name or with what is theirs needs a consent of the right scope, or a decided basis."""

from __future__ import annotations

from datetime import date

import pytest

from app.accounts.models import Role
from app.cases.models import CaseStage
from app.complaints.models import Part, Party
from app.consents import actions, bases, scopes
from app.consents.minding import minded_in
from app.consents.models import BasisKind
from app.consents.scopes import NEEDED, Act
from app.core import clock
from app.core.errors import RuleBroken
from app.decisions import actions as decisions
from app.evidence import actions as evidence
from app.people.models import Person
from app.reference.lists import consent_scopes
from tests.consents.conftest import family_of
from tests.consents.test_consents import DAY

ASKED_FOR = [act for act in Act if not NEEDED[act].law]


@pytest.fixture
def investigated(session, make):
    """A family whose complaint is a case with a whole finding, before it is shared."""
    return family_of(session, make, make.case(CaseStage.DETAILED_INVESTIGATION).complaint)


def given(family, **more):
    consent = family.consents(to=None, **more)
    family.session.expire(family.complaint, ["consents"])
    return consent


def wanting(family, act, day=None):
    return scopes.missing(family.complaint, act, day or clock.today())


def accept(family, kind=BasisKind.ATTORNEY):
    basis = bases.say(family.session, family.acting, actor=family.caseworker, kind=kind)
    family.session.flush()
    bases.accept(family.session, basis, actor=family.caseworker, reasons="The deed.")
    family.session.flush()


def test_every_act_needs_a_scope_of_the_list():
    assert list(NEEDED) == list(Act)
    assert {one.scope for one in NEEDED.values()} <= set(consent_scopes())


@pytest.mark.parametrize("act", ASKED_FOR)
def test_an_act_needs_a_consent_of_its_own_scope_and_no_other_will_do(family, act):
    others = [one.scope for one in NEEDED.values() if one.scope != NEEDED[act].scope]
    given(family, scopes=others)
    assert wanting(family, act) == (
        "No consent of Rufus Oakhanger to this is recorded. Record it, or have a basis of s.9(3) accepted, first."
    )

    given(family, scopes=[NEEDED[act].scope])
    assert wanting(family, act) == ""


@pytest.mark.parametrize("act", Act)
def test_a_consent_is_over_from_the_day_it_is_withdrawn_and_after_its_last_day(session, family, act):
    day = clock.today()
    consent = given(family, scopes=[NEEDED[act].scope], given_on=day - 9 * DAY, until_on=day)
    assert [wanting(family, act, on) for on in (day, day + DAY)] == [
        "",
        "The consent of Rufus Oakhanger to this has ended. If they consent again, record that first.",
    ]

    actions.withdraw(session, consent, actor=family.caseworker, on=day, reasons="They fell out.")
    assert [wanting(family, act, on) for on in (day - DAY, day)] == [
        "",
        "The consent of Rufus Oakhanger to this was withdrawn. If they consent again, record that first.",
    ]
    with pytest.raises(RuleBroken, match="was withdrawn"):
        scopes.require(family.complaint, act)
    given(family, scopes=[NEEDED[act].scope])
    assert wanting(family, act) == ""


@pytest.mark.parametrize("act", ASKED_FOR)
def test_an_accepted_basis_does_where_nobody_took_a_consent_back(session, family, act):
    accept(family)
    assert wanting(family, act) == ""

    consent = given(family, giver=family.daughter, scopes=[NEEDED[act].scope])
    actions.withdraw(
        session, consent, actor=family.caseworker, on=clock.today(), reasons="She thought again."
    )
    assert wanting(family, act).startswith("The consent of Odile Oakhanger to this was withdrawn.")


def test_nobody_consents_to_what_is_not_theirs(family):
    given(family, giver=family.daughter, scopes=["records"])

    assert wanting(family, Act.OBTAIN_RECORDS).startswith("No consent of Rufus Oakhanger")


def test_the_consent_of_the_dead_is_over_and_a_basis_is_needed(family):
    given(family, scopes=["records"])
    family.father.died_on = clock.today()
    assert wanting(family, Act.OBTAIN_RECORDS).startswith("No consent of Rufus Oakhanger")

    accept(family, BasisKind.PERSONAL_REPRESENTATIVE)
    assert wanting(family, Act.OBTAIN_RECORDS) == ""


def test_views_are_not_shared_with_somebody_whose_right_to_act_nothing_shows(session, investigated):
    case, owner = investigated.complaint.case, investigated.complaint.case.owner
    with pytest.raises(RuleBroken, match="Nothing shows yet by what right Odile Oakhanger acts"):
        decisions.share_provisional_views(session, case, actor=owner, window_days=10)
    consent = investigated.consents()
    session.expire(investigated.complaint, ["consents"])
    actions.withdraw(
        session, consent, actor=investigated.caseworker, on=clock.today(), reasons="They fell out."
    )
    with pytest.raises(RuleBroken, match=r"The right of Odile Oakhanger to act .* is over"):
        decisions.share_provisional_views(session, case, actor=owner, window_days=10)
    assert (case.stage, case.provisional_views) == (CaseStage.DETAILED_INVESTIGATION, [])

    accept(investigated)
    decisions.share_provisional_views(session, case, actor=owner, window_days=10)
    assert case.stage is CaseStage.PROVISIONAL_VIEWS


def test_nothing_more_is_shown_to_an_organisation_once_that_is_taken_back(session, investigated):
    case, owner = investigated.complaint.case, investigated.complaint.case.owner
    accept(investigated)
    document, party = case.documents[0], case.allegations[0].organisation
    consent = given(investigated, scopes=["share_organisations"])
    actions.withdraw(session, consent, actor=investigated.caseworker, on=clock.today(), reasons="No more.")

    for act in (
        lambda: evidence.disclose(session, document, actor=owner, organisation=party),
        lambda: decisions.share_provisional_views(session, case, actor=owner, window_days=10),
    ):
        with pytest.raises(RuleBroken, match="If they consent again, record that first"):
            act()
    assert document.disclosures == []


def test_pages_say_what_is_missing_before_anybody_tries(reader, session, make):
    client, account = reader(Role.INVESTIGATOR, Role.CASEWORKER)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=account)
    family = family_of(session, make, case.complaint)
    consent = given(family, scopes=["share_organisations"])
    actions.withdraw(session, consent, actor=family.caseworker, on=clock.today(), reasons="No more.")
    session.commit()
    taken_back = "The consent of Rufus Oakhanger to this was withdrawn."

    listed = client.get(f"/complaints/{case.reference}/consents").text
    assert listed.count(taken_back) == 1
    assert listed.count("No consent of Rufus Oakhanger to this is recorded.") == len(ASKED_FOR)
    assert taken_back in client.get(f"/cases/{case.reference}/provisional-views/share").text
    document = case.documents[0]
    page = f"/cases/{case.reference}/evidence/{document.key}/disclosures/new"
    assert taken_back in client.get(page).text
    sent = client.post(page, data={"organisation": case.allegations[0].organisation.code})
    assert (sent.status_code, sent.text.count(taken_back) >= 2) == (200, True)


def test_an_mp_is_copied_in_on_decisions_by_law_and_on_anything_else_with_consent(session, make):
    complaint = make.complaint()
    family = family_of(session, make, complaint)
    family.consents()
    member = Person(
        name="Philippa Quillfeather", search_name="philippa quillfeather", born_on=date(1970, 1, 1)
    )
    complaint.parties.append(Party(person=member, part=Part.MP))
    session.flush()
    session.expire(complaint)
    told = {kind: told_of(session, family, kind) for kind in ("decisions", "everything")}
    assert {kind: one.copies for kind, one in told.items()} == {"decisions": [member], "everything": []}
    assert told["everything"].not_entitled[member].startswith("No consent of Rufus Oakhanger")

    given(family, scopes=["share_mp"])
    assert told_of(session, family, "everything").copies == [member]


def told_of(session, family, kind):
    return minded_in(session, family.complaint, clock.today()).recipients(kind)
