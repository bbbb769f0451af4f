from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.allegations.models import CheckOutcome
from app.audit.models import AuditEntry
from app.checks.queries import recipients_of_reasons
from app.complaints.models import Part, Party
from app.consents import disagreements
from app.consents.minding import minded_in
from app.consents.models import Sees
from app.core import clock
from app.core.errors import NotPermitted, Overtaken, RuleBroken
from app.people.models import Person
from tests.consents.conftest import family_of


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def brother(family):
    """The son of the person affected, who is their personal representative."""
    return brother_in(family)


def brother_in(family):
    person = Person(name="Casimir Oakhanger", search_name="casimir oakhanger")
    family.complaint.parties.append(Party(person=person, part=Part.REPRESENTATIVE))
    family.session.flush()
    family.consents(to=person)
    family.session.expire(family.complaint, ["consents"])
    return person


def told(family):
    """Whom a statement of reasons is for, who gets a copy, and whose right is over."""
    recipients = recipients_of_reasons(family.complaint)
    return recipients.to, recipients.copies, recipients.no_longer


@pytest.fixture
def dispute(family, brother):
    made = disagreements.record_disagreement(
        family.session,
        family.complaint,
        actor=family.caseworker,
        one=family.daughter,
        other=brother,
        about="Whether to complain at all.",
    )
    family.session.flush()
    return made


def decide(session, dispute, manager, **given):
    values = {
        "dealt_with": dispute.one,
        "one_sees": Sees.EVERYTHING,
        "other_sees": Sees.NOTHING,
        "reasons": "Their father chose her.",
    }
    disagreements.decide(session, dispute, actor=manager, **values | given)
    session.flush()


def minded(family):
    return minded_in(family.session, family.complaint, clock.today())


def test_until_it_is_decided_nobody_is_left_out(family, brother, dispute):
    assert minded(family).disagreements == [dispute]
    assert minded(family).not_sent("decisions") == []
    assert told(family) == ([family.daughter, brother], [], [])


def test_who_is_sent_nothing_by_a_decision_gets_no_statement_of_reasons(family, brother, dispute, manager):
    decide(family.session, dispute, manager)

    assert minded(family).not_sent("decisions") == [brother]
    assert told(family) == ([family.daughter], [], [])
    decide(family.session, dispute, manager, other_sees=Sees.DECISIONS)
    assert told(family) == ([family.daughter, brother], [], [])
    assert minded(family).not_sent("decisions") == []
    assert minded(family).not_sent("everything") == [brother]
    [first, second] = family.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "disagreement.decided").order_by(AuditEntry.id)
    ).all()
    assert second.detail["changes"] == {"other_sees": ["nothing", "decisions"]}
    assert first.detail["reasons"] == "Their father chose her."


def test_the_complainant_is_never_left_without_reasons(family, dispute, manager, brother):
    given = {"dealt_with": brother, "one_sees": Sees.NOTHING, "other_sees": Sees.EVERYTHING}
    with pytest.raises(RuleBroken, match=r"s\.14") as refusal:
        decide(family.session, dispute, manager, **given)
    assert refusal.value.field == "one_sees"
    with pytest.raises(RuleBroken, match="has to be sent") as refusal:
        decide(
            family.session,
            dispute,
            manager,
            **given | {"one_sees": Sees.EVERYTHING, "other_sees": Sees.NOTHING},
        )
    assert refusal.value.field == "other_sees"
    with pytest.raises(RuleBroken) as refusal:
        decide(family.session, dispute, manager, dealt_with=family.father)
    assert refusal.value.field == "dealt_with"


def test_a_manager_decides_without_a_conflict_and_on_what_stands(family, dispute, manager):
    with pytest.raises(NotPermitted):
        decide(family.session, dispute, family.caseworker)
    drawn_from = dispute.version
    decide(family.session, dispute, manager, dealt_with=None, other_sees=Sees.DECISIONS)
    with pytest.raises(Overtaken):
        decide(family.session, dispute, manager, drawn_from=drawn_from)


def test_when_it_is_over_everybody_is_sent_what_they_would_be_and_the_decision_stays(
    family, brother, dispute, manager
):
    decide(family.session, dispute, manager)
    disagreements.end(family.session, dispute, actor=manager, reasons="They made it up.")
    family.session.flush()

    assert minded(family).disagreements == []
    assert told(family) == ([family.daughter, brother], [], [])
    assert (dispute.reasons, dispute.ended_because) == ("Their father chose her.", "They made it up.")
    for again in (
        lambda: disagreements.end(family.session, dispute, actor=manager, reasons="Again."),
        lambda: decide(family.session, dispute, manager),
    ):
        with pytest.raises(RuleBroken, match="over"):
            again()


def test_two_who_are_in_the_complaint_disagree_and_once(family, brother, dispute, make):
    stranger = family_of(family.session, make, make.complaint()).father
    for one, other, field in (
        (stranger, brother, "one"),
        (brother, stranger, "other"),
        (brother, brother, "other"),
        (brother, family.daughter, "other"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            disagreements.record_disagreement(
                family.session, family.complaint, actor=family.caseworker, one=one, other=other, about="More."
            )
        assert refusal.value.field == field


def test_it_stands_on_every_page_and_on_what_is_printed(reader, session, make):
    client, _account = reader(Role.MANAGER)
    allegation = make.allegation(outcome=CheckOutcome.DECLINE)
    allegation.check.facts = {"days_late": None}
    family = family_of(session, make, allegation.complaint)
    brother = brother_in(family)
    session.commit()
    here = f"/complaints/{family.complaint.reference}"
    form = {"one": family.daughter.key, "other": brother.key, "about": "Whether to complain at all."}

    assert (
        "Select two people."
        in client.post(f"{here}/disagreements/new", data={**form, "other": form["one"]}).text
    )
    assert client.post(f"{here}/disagreements/new", data=form).status_code == 302
    for page in ("", "/consents", "/notes", "/reasons"):
        assert "Send nothing to either" in client.get(f"{here}{page}").text, page
    decision = {
        "dealt_with": family.daughter.key, "one_sees": "everything", "other_sees": "nothing",
        "reasons": "Their father chose her.", "drawn_from": 1,
    }  # fmt: skip
    assert "Enter why." in client.post(f"{here}/disagreements/1", data={**decision, "reasons": ""}).text
    assert client.post(f"{here}/disagreements/1", data=decision).status_code == 302
    assert "Casimir Oakhanger is sent nothing" in client.get(here).text
    printed = client.get(f"{here}/reasons").text
    assert "To Odile Oakhanger</p>" in printed
    assert "Not sent to Casimir Oakhanger" in printed
    client.post(f"{here}/disagreements/1/end", data={"reasons": "They made it up."})
    assert "Not sent to" not in client.get(f"{here}/reasons").text
    assert client.get(f"{here}/disagreements/2").status_code == 404
