"""What is printed for people obeys what they need, and what was decided of them."""

from __future__ import annotations

import pytest

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.cases.models import CaseStage
from app.complaints.models import Part, Party
from app.consents import disagreements
from app.consents.models import Sees
from app.core import clock
from app.people import actions, vulnerability
from app.people.models import AdjustmentKind, ContactWay, Person, VulnerabilityKind
from tests.consents.conftest import family_of
from tests.consents.test_consents import DAY
from tests.consents.test_disagreements import brother_in


@pytest.fixture
def office(reader, session, make):
    """An investigator in the browser, and a family with the addresses of all that is printed for them."""
    client, account = reader(Role.INVESTIGATOR, Role.CASEWORKER)
    case = make.case(CaseStage.DETAILED_INVESTIGATION, owner=account)
    refused = make.allegation(case.complaint, outcome=CheckOutcome.DECLINE)
    refused.check.facts = {"days_late": None}
    family = family_of(session, make, case.complaint)
    family.consents()
    session.commit()
    pages = [
        f"/complaints/{case.reference}/reasons",
        f"/cases/{case.reference}/decision",
        f"/cases/{case.reference}/provisional-views/share",
        f"/cases/{case.reference}/decision/propose",
    ]
    return client, family, pages


def printed(client, page):
    answer = client.get(page)
    assert answer.status_code == 200, page
    return answer.text


def test_all_that_is_printed_is_large_for_whoever_needs_it(office, session):
    client, family, pages = office
    assert [page for page in pages if "paper--large" in printed(client, page)] == []
    actions.agree_adjustment(
        session, family.daughter, actor=family.caseworker, kind=AdjustmentKind.LARGE_PRINT
    )
    session.commit()

    assert [page for page in pages if "paper paper--large" in printed(client, page)] == pages


@pytest.mark.parametrize("kind", [kind for kind in AdjustmentKind if kind.changes_letters])
def test_whoever_needs_another_form_is_not_to_be_sent_it_as_it_is(office, session, kind):
    client, family, pages = office
    actions.agree_adjustment(session, family.daughter, actor=family.caseworker, kind=kind, words="Grade 2")
    session.commit()

    for page in pages:
        text = printed(client, page)
        assert "Do not send this as it is to Odile Oakhanger" in text, page
        assert f"they need {kind.label.lower()}, Grade 2." in text, page


def test_nothing_is_printed_for_who_is_not_safe_to_contact_before_somebody_has_read_the_note(office, session):
    client, family, pages = office
    actions.change_contact(
        session,
        family.daughter,
        actor=family.caseworker,
        contact_by=ContactWay.EMAIL,
        contact_note="Nothing by post.",
        is_unsafe_to_contact=True,
    )
    session.commit()

    for page in pages:
        text = printed(client, page)
        assert "paper--held" in text, page
        assert "Before you send anything to Odile Oakhanger, read this: Nothing by post." in text
        read = printed(client, f"{page}?care=taken")
        assert "paper--held" not in read, page
        assert "Nothing by post." in read


def test_a_flag_stands_on_no_paper(office, session):
    client, family, pages = office
    vulnerability.flag(
        session,
        family.daughter,
        actor=family.caseworker,
        kind=VulnerabilityKind.BEREAVED,
        words="Zanzibarite words",
        review_on=clock.today() + DAY,
    )
    session.commit()

    for page in pages:
        banner, _, paper = printed(client, page).partition('<div class="paper')
        assert "Zanzibarite words" in banner
        assert "Zanzibarite words" not in paper


def test_each_of_two_who_disagree_gets_a_paper_of_their_own_that_obeys_what_they_need(office, session, make):
    client, family, pages = office
    brother = brother_in(family)
    dispute = disagreements.record_disagreement(
        session, family.complaint, actor=family.caseworker, one=family.daughter, other=brother, about="It."
    )
    session.flush()
    everything = {"one_sees": Sees.EVERYTHING, "other_sees": Sees.EVERYTHING}
    manager = make.account(Role.MANAGER)
    disagreements.decide(session, dispute, actor=manager, dealt_with=None, reasons="Both.", **everything)
    actions.agree_adjustment(session, brother, actor=family.caseworker, kind=AdjustmentKind.LARGE_PRINT)
    actions.agree_adjustment(session, family.daughter, actor=family.caseworker, kind=AdjustmentKind.BRAILLE)
    session.commit()

    for page in pages:
        hers, his = (printed(client, f"{page}?to={one.key}") for one in (family.daughter, brother))
        assert printed(client, page).count("To Odile Oakhanger</p>") == 1, page
        assert ["To Odile Oakhanger</p>" in one for one in (hers, his)] == [True, False], page
        assert ["To Casimir Oakhanger</p>" in one for one in (hers, his)] == [False, True], page
        assert ["paper--large" in one for one in (hers, his)] == [False, True], page
        assert ["Do not send this as it is to Odile" in one for one in (hers, his)] == [True, False], page
        assert [f'href="?to={one.key}"' in hers for one in (family.daughter, brother)] == [False, True], page
        assert "Casimir" not in hers.partition('<div class="paper')[2].partition('<div class="only')[0], page
    disagreements.decide(
        session, dispute, actor=manager, dealt_with=family.daughter, reasons="Her.",
        one_sees=Sees.EVERYTHING, other_sees=Sees.NOTHING,
    )  # fmt: skip
    session.commit()
    for page in pages:
        text = printed(client, f"{page}?to={brother.key}")
        assert ("To Casimir" in text, "Not sent to Casimir Oakhanger" in text) == (False, True), page


def test_whoever_acts_for_another_without_a_right_that_is_shown_is_not_addressed(office, session):
    client, family, pages = office
    son = Person(name="Casimir Oakhanger", search_name="casimir oakhanger")
    family.complaint.parties.append(Party(person=son, part=Part.REPRESENTATIVE))
    session.commit()

    for page in pages:
        text = printed(client, f"{page}?to={son.key}")
        assert "Nothing shows yet by what right Casimir Oakhanger acts" in text, page
        assert ("To Odile Oakhanger</p>" in text, "To Casimir" in text) == (True, False), page
