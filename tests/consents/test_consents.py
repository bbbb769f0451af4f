from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.caseload.models import Line
from app.complaints.models import ComplaintState
from app.consents import actions, queries
from app.consents.minding import minded_in
from app.consents.models import Consent, ConsentState
from app.consents.rights import Right
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.duties import actions as duties
from tests.consents.conftest import family_of

DAY = timedelta(days=1)


def right(family, day=None):
    [one] = minded_in(family.session, family.complaint, day or clock.today()).actors
    return one.right


def test_a_consent_holds_through_its_last_day_and_says_a_month_before_that_it_ends(family):
    today = clock.today()
    consent = family.consents(given_on=today, until_on=today + 40 * DAY)

    stood = [consent.state_on(today + days * DAY) for days in (0, 9, 10, 40, 41)]
    assert stood == [
        ConsentState.IN_FORCE, ConsentState.IN_FORCE, ConsentState.ENDING, ConsentState.ENDING, ConsentState.ENDED
    ]  # fmt: skip
    assert family.consents().state_on(today + 4000 * DAY) is ConsentState.IN_FORCE


def test_a_withdrawn_consent_ends_from_that_day_and_stays_with_its_reason(family):
    today = clock.today()
    consent = family.consents(given_on=today - 9 * DAY)
    for on in (today - 10 * DAY, today + DAY):
        with pytest.raises(RuleBroken) as refusal:
            actions.withdraw(family.session, consent, actor=family.caseworker, on=on, reasons="No more.")
        assert refusal.value.field == "on"

    on = today - 2 * DAY
    actions.withdraw(family.session, consent, actor=family.caseworker, on=on, reasons="They fell out.")
    assert [consent.state_on(on - DAY), consent.state_on(on)] == [
        ConsentState.IN_FORCE,
        ConsentState.WITHDRAWN,
    ]
    assert right(family) is Right.CONSENT_OVER
    with pytest.raises(RuleBroken, match="already"):
        actions.withdraw(family.session, consent, actor=family.caseworker, on=today, reasons="Again.")
    with pytest.raises(RuleBroken, match="another consent"):
        actions.change(family.session, consent, actor=family.caseworker, until_on=today)
    assert family.session.scalars(select(Consent)).all() == [consent]
    told = family.session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert told == ["consent.given", "consent.withdrawn"]


def test_a_consent_names_people_scopes_and_days_that_can_be(family, make):
    today, stranger = clock.today(), make.complaint()
    other = family_of(family.session, make, stranger)
    refused = {
        "giver": {"giver": other.father},
        "to": {"to": other.father},
        "scopes": {"scopes": []},
        "given_on": {"given_on": today + DAY},
        "until_on": {"until_on": today - DAY},
        "words": {"scopes": ["other"], "to": None},
        "document": {"document": make.document(make.case())},
    }
    for field, given in refused.items():
        with pytest.raises(RuleBroken) as refusal:
            family.consents(**given)
        assert refusal.value.field == field
    for given in ({"to": None}, {"scopes": ["records"]}, {"giver": family.daughter}):
        with pytest.raises(RuleBroken) as refusal:
            family.consents(**given)
        assert refusal.value.field == "to", given
    family.father.died_on = today - DAY
    with pytest.raises(RuleBroken) as refusal:
        family.consents()
    assert refusal.value.field == "giver"


def test_only_who_works_on_complaints_records_consents(family, make):
    for role in (Role.ADMINISTRATOR, Role.LIAISON):
        family.caseworker = make.account(role)
        with pytest.raises(NotPermitted):
            family.consents()


def test_two_who_change_a_consent_at_once_both_keep_what_they_typed(family):
    consent = family.consents()
    drawn_from = consent.version
    actions.change(
        family.session, consent, actor=family.caseworker, drawn_from=drawn_from, evidence="Folder 3"
    )
    family.session.flush()
    with pytest.raises(Overtaken):
        actions.change(family.session, consent, actor=family.caseworker, drawn_from=drawn_from)


def test_what_ends_is_listed_while_the_complaint_is_open_and_not_given_again(family, make):
    session, today, reader = family.session, clock.today(), make.account(Role.CASEWORKER)
    ended = family.consents(given_on=today - 9 * DAY, until_on=today - DAY)
    other = family_of(session, make, make.complaint())
    soon = other.consents(until_on=today + 30 * DAY)
    family_of(session, make, make.complaint()).consents(until_on=today + 31 * DAY)
    again = family_of(session, make, make.complaint())
    again.consents(given_on=today - 9 * DAY, until_on=today)
    again.consents()
    closed = make.complaint(state=ComplaintState.CLOSED, closed_at=clock.now())
    family_of(session, make, closed).consents(given_on=today - 9 * DAY, until_on=today)
    session.commit()

    assert list(queries.ending(session, reader, today)) == [ended, soon]
    assert list(queries.ending(session, reader, today, after=ended.id)) == [soon]
    assert minded_in(session, family.complaint, today).ending == [ended]
    assert minded_in(session, again.complaint, today).ending == []
    duties.restrict(session, family.complaint, actor=make.account(Role.MANAGER), reasons="A colleague’s.")
    session.commit()
    assert list(queries.ending(session, reader, today)) == [soon]


def test_the_line_of_a_complaint_says_when_the_first_consent_in_it_ends_while_it_is_open(family, make):
    session, today = family.session, clock.today()

    def told():
        session.commit()
        return session.scalar(select(Line.consent_until).where(Line.complaint_id == family.complaint.id))

    assert told() == date.max
    first = family.consents(given_on=today - 9 * DAY, until_on=today - DAY)
    family.consents(until_on=today + 90 * DAY)
    family.consents()
    assert told() == today - DAY
    actions.withdraw(session, first, actor=family.caseworker, on=today, reasons="They said so.")
    assert told() == today + 90 * DAY
    family.complaint.state, family.complaint.closed_at = ComplaintState.CLOSED, clock.now()
    assert told() == date.max


def test_a_consent_is_recorded_shown_changed_and_withdrawn_in_the_browser(reader, session, make):
    client, account = reader(Role.INVESTIGATOR)
    case = make.case(owner=account)
    family = family_of(session, make, case.complaint)
    document = make.document(case, title="Signed form")
    session.commit()
    here = f"/complaints/{case.reference}/consents"
    assert "Basis not evidenced" in client.get(here).text
    today = clock.today()
    form = {
        "giver": family.father.key, "to": family.daughter.key, "scopes": ["act", "records"], "way": "form",
        "given_on-day": today.day, "given_on-month": today.month, "given_on-year": today.year,
        "document": document.key, "words": "Not the letters of 2019.", "submission": "a" * 32,
    }  # fmt: skip

    wrong = client.post(f"{here}/new", data={**form, "to": ""})
    assert "Say who acts for them" in wrong.text
    assert "Not the letters of 2019." in wrong.text
    for _ in range(2):
        assert client.post(f"{here}/new", data=form).status_code == 302
    page = client.get(here).text
    assert page.count("Not the letters of 2019.") == 1
    assert "With consent" in page
    assert "Signed form" in page

    assert client.post(f"{here}/1", data={"drawn_from": 1, "evidence": "Folder 3"}).status_code == 302
    assert "Folder 3" in client.get(here).text
    day = {"on-day": today.day, "on-month": today.month, "on-year": today.year}
    assert "Enter what they said" in client.post(f"{here}/1/withdrawal", data=day).text
    client.post(f"{here}/1/withdrawal", data={**day, "reasons": "They fell out."})
    assert "They fell out." in client.get(here).text
    assert "Consent is over" in client.get(f"/cases/{case.reference}").text
    assert [client.get(f"{here}/{path}").status_code for path in ("2", "2/withdrawal")] == [404, 404]
