from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.checks import answers
from app.checks.answers import Given
from app.checks.models import Answer
from app.complaints.models import Part, Party
from app.consents import bases
from app.consents.models import BasisKind
from app.core import clock
from app.core.errors import NotPermitted, RuleBroken
from app.duties import actions as duties
from app.duties.models import ConflictKind
from app.people.models import Person
from tests.consents.conftest import family_of
from tests.consents.test_consents import DAY, right


def say(family, kind, **given):
    basis = bases.say(family.session, family.acting, actor=family.caseworker, kind=kind, **given)
    family.session.flush()
    return basis


def test_what_was_said_at_first_is_kept_and_is_no_evidence(family):
    assert family.acting.basis == "His daughter"
    assert right(family) == "not_evidenced"
    say(family, BasisKind.CONSENT)
    assert right(family) == "not_evidenced"
    family.consents()
    assert right(family) == "consent"


def test_a_basis_counts_once_somebody_has_accepted_what_shows_it(family):
    basis = say(family, BasisKind.ATTORNEY, evidence="Registered power of attorney, seen on 3 March")
    assert right(family) == "not_evidenced"
    bases.accept(family.session, basis, actor=family.caseworker, reasons="The register names her.")
    family.session.flush()

    assert right(family) == "accepted"
    assert (basis.accepted_by, basis.accepted_because) == (family.caseworker, "The register names her.")
    with pytest.raises(RuleBroken, match="already"):
        bases.accept(family.session, basis, actor=family.caseworker, reasons="Again.")
    told = family.session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert told == ["basis.said", "basis.accepted"]


def test_another_basis_replaces_the_last_and_that_one_stays(family):
    first = say(family, BasisKind.FAMILY, words="He has dementia.")
    second = say(family, BasisKind.ATTORNEY)

    assert family.acting.bases == [first, second]
    with pytest.raises(RuleBroken, match="since"):
        bases.accept(family.session, first, actor=family.caseworker, reasons="Seen.")


def test_nobody_has_a_right_that_what_is_known_rules_out(family, today):
    today(2026, 3, 2)
    for kind, field in (
        (BasisKind.PERSONAL_REPRESENTATIVE, "kind"),
        (BasisKind.FAMILY, "words"),
        (BasisKind.SUITABLE, "words"),
        (BasisKind.PARENT, "kind"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            say(family, kind)
        assert refusal.value.field == field
    family.father.born_on = clock.today().replace(year=2008, day=3)
    assert say(family, BasisKind.PARENT).kind is BasisKind.PARENT
    with pytest.raises(RuleBroken, match="its own evidence"):
        bases.accept(family.session, say(family, BasisKind.CONSENT), actor=family.caseworker, reasons="Seen.")


def test_when_the_person_affected_has_died_only_what_outlives_them_is_left(family):
    basis = say(family, BasisKind.ATTORNEY)
    bases.accept(family.session, basis, actor=family.caseworker, reasons="Seen.")
    family.consents(given_on=clock.today() - 9 * DAY)
    family.father.died_on = clock.today() - DAY
    family.session.flush()

    assert right(family) == "outlived"
    for kind in BasisKind:
        if not kind.outlives_them:
            with pytest.raises(RuleBroken, match="has died"):
                say(family, kind)
    kin = say(family, BasisKind.FAMILY)
    bases.accept(family.session, kin, actor=family.caseworker, reasons="Birth certificate seen.")
    family.session.flush()
    assert right(family) == "accepted"


def test_only_who_acts_for_another_has_a_basis(family, make):
    with pytest.raises(RuleBroken, match="acts for nobody"):
        bases.say(family.session, family.complaint.parties[1], actor=family.caseworker, kind=BasisKind.FAMILY)
    alone = make.complaint()
    person = Person(name="Ida Quill", search_name="ida quill")
    alone.parties += [Party(person=person, part=part) for part in (Part.COMPLAINANT, Part.PERSON_AFFECTED)]
    family.session.flush()
    with pytest.raises(RuleBroken, match="acts for nobody"):
        bases.say(family.session, alone.parties[0], actor=family.caseworker, kind=BasisKind.FAMILY)


def test_who_has_a_conflict_of_interest_accepts_nothing(family):
    basis = say(family, BasisKind.ATTORNEY)
    duties.declare_conflict(
        family.session,
        actor=family.caseworker,
        account=family.caseworker,
        kind=ConflictKind.FAMILY_OR_FRIEND,
        words="A neighbour.",
        since=clock.today(),
        complaint=family.complaint,
    )
    family.session.commit()
    with pytest.raises(NotPermitted, match="conflict"):
        bases.accept(family.session, basis, actor=family.caseworker, reasons="Seen.")


def test_the_test_of_standing_shows_the_fact_and_is_asked_again_when_it_changes(family, make):
    allegation = make.allegation(family.complaint)
    given = {"standing": Given(answer=Answer.MET, note="")}
    answers.answer_tests(family.session, allegation, actor=family.caseworker, answers=given)
    family.session.flush()

    def standing():
        return next(one for one in answers.tested(allegation) if one.test.id == "standing")

    assert standing().facts.is_met is None
    assert (standing().facts.right_of(family.acting.id), standing().is_stale) == ("not_evidenced", False)
    family.consents()
    family.session.expire(family.complaint)
    assert (standing().facts.right_of(family.acting.id), standing().is_stale) == ("consent", True)


def test_an_answer_from_before_anything_was_computed_for_its_test_stands(family, make):
    allegation = make.tested(make.allegation(family.complaint))
    answer = next(one for one in allegation.test_answers if one.test == "standing")
    answer.facts = {}
    family.session.flush()

    assert [one.is_stale for one in answers.tested(allegation) if one.test.id == "standing"] == [False]


def test_a_basis_is_said_and_accepted_in_the_browser(reader, session, make):
    client, _account = reader(Role.CASEWORKER)
    family = family_of(session, make, make.complaint())
    session.commit()
    here = f"/complaints/{family.complaint.reference}"
    assert client.get(f"{here}/people/1/basis/acceptance").status_code == 404
    assert (
        "acts for nobody else"
        in client.post(f"{here}/people/2/basis", data={"kind": "family", "words": "x"}).text
    )
    form = {"kind": "suitable", "words": "", "evidence": "A letter of the ward"}
    wrong = client.post(f"{here}/people/1/basis", data=form).text
    assert "Enter why the person affected cannot act" in wrong
    assert "A letter of the ward" in wrong

    assert client.post(f"{here}/people/1/basis", data={**form, "words": "In a coma."}).status_code == 302
    assert "Enter what you have seen." in client.post(f"{here}/people/1/basis/acceptance").text
    client.post(f"{here}/people/1/basis/acceptance", data={"reasons": "The ward’s letter."})
    page = client.get(f"{here}/consents").text
    assert "Basis accepted" in page
    assert "As it was said at first: His daughter" in page
    assert "Basis accepted" in client.get(here).text
