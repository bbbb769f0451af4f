"""Giving an allegation its failure codes: provisional first, confirmed once it is investigated.

A code that is taken away stays as a row marked as removed, and in the record.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.events import AllegationCoded
from app.allegations.models import Allegation, Coding, CodingStanding
from app.audit.record import record
from app.core import clock
from app.core.errors import RuleBroken
from app.policy import Permission
from app.reference.lists import taxonomy


def code_step(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    drawn_from: int | None = None,
    letter: str,
    codes: Collection[str],
) -> None:
    """Let the allegation bear, of one pathway step, just these provisional codes."""
    policy.require(actor, Permission.ALLEGATION_CODE, allegation.complaint)
    allegation.agree(drawn_from)
    before = {coding.code for coding in allegation.provisional_codes}
    step = taxonomy().step(letter)
    if step is None or not set(codes) <= {failure.code for failure in step.offered(before)}:
        raise RuleBroken("Select failures from the list.", field="codes")
    elsewhere = {code for code in before if code[0] != letter}
    _set_codes(session, allegation, CodingStanding.PROVISIONAL, elsewhere | set(codes), actor=actor)


def confirm(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    drawn_from: int | None = None,
    codes: Collection[str],
) -> None:
    """Let the allegation bear just these confirmed codes. The provisional ones stay beside them."""
    case = allegation.complaint.case
    if case is None:
        raise RuleBroken("Codes are confirmed in an investigation, and there is no case yet.")
    policy.require(actor, Permission.ALLEGATION_CONFIRM_CODES, case)
    allegation.agree(drawn_from)
    if not set(codes) <= set(codes_to_confirm(allegation)):
        raise RuleBroken("Select failures from the list.", field="codes")
    _set_codes(session, allegation, CodingStanding.CONFIRMED, set(codes), actor=actor)


def codes_to_confirm(allegation: Allegation) -> dict[str, str]:
    """What can be confirmed of the allegation, in words: what is offered, and what it bears already."""
    borne = {coding.code for coding in (*allegation.provisional_codes, *allegation.confirmed_codes)}
    return {
        failure.code: f"{failure.code} {failure.name}"
        for step in taxonomy().steps
        for failure in step.offered(borne)
    }


def _set_codes(
    session: Session, allegation: Allegation, standing: CodingStanding, wanted: set[str], *, actor: Account
) -> None:
    borne = {coding.code: coding for coding in allegation.codes(standing)}
    added, removed = sorted(wanted - set(borne)), sorted(set(borne) - wanted)
    if not added and not removed:
        return
    for code in removed:
        borne[code].removed_at = clock.now()
    version = taxonomy().version
    for code in added:
        allegation.codings.append(
            Coding(standing=standing, code=code, list_version=version, added_by_id=actor.id)
        )
    allegation.touch()
    told = AllegationCoded(
        allegation=allegation.number, standing=standing, added=added, removed=removed, list_version=version
    )
    record(session, told, actor=actor, complaint=allegation.complaint)
