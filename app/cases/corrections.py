"""Mending mistakes after a case was opened. Each correction is recorded with its reasons and the old value."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.actions import set_facts
from app.allegations.models import Allegation
from app.audit.record import record
from app.cases import workflow
from app.cases.events import AllegationCorrected, CaseFoundDuplicate
from app.cases.models import Case, CaseStage
from app.complaints import clocks
from app.core.errors import RuleBroken
from app.organisations.models import Organisation
from app.policy import Permission


def correct_organisation(
    session: Session,
    case: Case,
    allegation: Allegation,
    *,
    actor: Account,
    organisation: Organisation,
    reasons: str,
) -> None:
    """Lay an allegation at another door. See evidence.actions for what had been disclosed to the wrong one."""
    policy.require(actor, Permission.CASE_CORRECT, case)
    wrong = allegation.organisation
    if organisation is wrong:
        raise RuleBroken(f"The allegation is against {wrong.name} already.")
    if any(other.organisation is organisation for other in allegation.issue.allegations):
        raise RuleBroken(f"This issue is alleged against {organisation.name} already.")
    if case.stage is CaseStage.PROVISIONAL_VIEWS:
        raise RuleBroken(
            "The other organisation has not seen the provisional views. Take the case back first."
        )
    standing = (recommendation for recommendation in case.recommendations if not recommendation.is_judged)
    if any(recommendation.finding is allegation.finding for recommendation in standing):
        raise RuleBroken("A recommendation rests on this allegation. It can no longer be moved.")
    allegation.organisation = organisation
    changes = {"organisation": [wrong.known_as, organisation.known_as]}
    corrected = AllegationCorrected(allegation=allegation.number, changes=changes, reasons=reasons)
    record(session, corrected, actor=actor, complaint=case.complaint)


def correct_facts(
    session: Session,
    case: Case,
    allegation: Allegation,
    *,
    actor: Account,
    reasons: str,
    drawn_from: int | None = None,
    **facts: Any,
) -> None:
    """Correct the dates or the modality of an allegation; the rules read the new ones from now on."""
    policy.require(actor, Permission.CASE_CORRECT, case)
    allegation.agree(drawn_from)
    changes = set_facts(allegation, case.complaint, **facts)
    if not changes:
        raise RuleBroken("Nothing has been changed.")
    corrected = AllegationCorrected(allegation=allegation.number, changes=changes, reasons=reasons)
    record(session, corrected, actor=actor, complaint=case.complaint)


def close_as_duplicate(session: Session, case: Case, *, actor: Account, of: Case, reasons: str) -> None:
    """Close a case that was opened for what another case is about. The other one stands."""
    if of is case:
        raise RuleBroken("A case cannot be a duplicate of itself.", field="of")
    if of.duplicate_of is not None:
        raise RuleBroken(f"{of.reference} is itself a duplicate of another case.", field="of")
    if session.scalar(select(Case.id).where(Case.duplicate_of_id == case.id).limit(1)):
        raise RuleBroken("Another case was closed as a duplicate of this one, which therefore has to stand.")
    workflow.take(session, case, workflow.CLOSE_AS_DUPLICATE, actor=actor, reasons=reasons)
    case.duplicate_of = of
    clocks.conclude(session, case.complaint, actor=actor)
    found = CaseFoundDuplicate(of=of.reference, reasons=reasons)
    record(session, found, actor=actor, complaint=case.complaint)
