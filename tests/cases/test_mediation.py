from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.accounts.models import Role
from app.audit.models import AuditEntry
from app.cases import actions
from app.cases.models import CaseStage, Closure, Mediation
from app.core import clock


def test_who_mediates_and_until_when_is_asked_shown_and_recorded(session, make, reader):
    client, owner = reader(Role.INVESTIGATOR)
    case = make.case(CaseStage.PRIMARY_INVESTIGATION, owner=owner)
    session.commit()
    here, until = f"/cases/{case.reference}/mediation", clock.today() + timedelta(days=30)
    day = {"until_on-day": until.day, "until_on-month": until.month, "until_on-year": until.year}
    typed = {"mediator": "Mediators of the North", "reasons": "Both want to try."}

    nothing = client.post(here, data={}).text
    past = client.post(here, data=typed | day | {"until_on-year": until.year - 1}).text
    sent = client.post(here, data=typed | day)

    for words in ("Enter who mediates.", "Enter until when they have.", "Enter the reasons."):
        assert words in nothing
    assert "Enter a day in the future: until then the parties have." in past
    assert "Mediators of the North" in past
    assert sent.location == f"/cases/{case.reference}"
    assert "With a mediator, Mediators of the North, since" in client.get(sent.location).text
    session.expire_all()
    entries = session.scalars(select(AuditEntry.event).where(AuditEntry.complaint_id == case.complaint_id))
    assert entries.all()[-2:] == ["case.moved", "case.mediation_begun"]


def test_a_case_resolved_in_mediation_waits_for_nobody_any_more(session, make):
    owner = make.account(Role.INVESTIGATOR, Role.MANAGER)
    case = make.case(CaseStage.PRIMARY_INVESTIGATION, owner=owner)
    until = clock.today() + timedelta(days=30)
    actions.send_to_mediation(
        session, case, actor=owner, mediator="Mediators of the North", until_on=until, reasons="Both want to."
    )

    actions.close(session, case, actor=owner, closure=Closure.MEDIATED, reasons="They agreed.")
    session.flush()

    assert session.scalars(select(Mediation).where(Mediation.ended_at.is_(None))).all() == []
