from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.models import Allegation, CheckOutcome, InitialCheck
from app.audit.events import plain
from app.audit.record import record
from app.checks.answers import Tested, require_to_hold, tested
from app.checks.events import AllegationChecked, ReasonsSent
from app.checks.facts import facts_of, time_limit
from app.checks.queries import recipients_of_reasons
from app.complaints import actions as complaints
from app.complaints.models import Complaint, ComplaintState
from app.core import clock
from app.core.errors import RuleBroken
from app.policy import Permission
from app.reference.lists import remit


def decide(
    session: Session,
    allegation: Allegation,
    *,
    actor: Account,
    drawn_from: int | None = None,
    outcome: CheckOutcome,
    reasons: str,
    signposted_to: str = "",
    back_on: date | None = None,
    joined_to: Complaint | None = None,
) -> InitialCheck:
    """Decide the initial check of one allegation. What the rules computed and the answers are kept with it.

    It is accepted when every test is met or excepted, and refused for a test that is not met; that it
    belongs to another complaint, or was withdrawn, needs no test. In an open case it can be decided again,
    as a corrected date may ask for. Raises `RuleBroken` otherwise, or for what is missing.
    """
    policy.require(actor, Permission.ALLEGATION_CHECK, allegation.complaint)
    allegation.agree(drawn_from)
    asked = tested(allegation)
    _check_outcome(outcome, asked)
    _check_in_case(allegation, outcome)
    if outcome is CheckOutcome.SIGNPOST:
        _check_signpost(signposted_to, back_on, asked)
    if outcome is CheckOutcome.JOIN:
        _check_join(allegation.complaint, joined_to)
    decided = InitialCheck(
        outcome=outcome,
        reasons=reasons,
        signposted_to=signposted_to if outcome is CheckOutcome.SIGNPOST else "",
        back_on=back_on if outcome is CheckOutcome.SIGNPOST else None,
        diary_on=back_on if outcome is CheckOutcome.SIGNPOST else None,
        joined_to=joined_to if outcome is CheckOutcome.JOIN else None,
        facts=_kept(allegation, asked),
        decided_by=actor,
    )
    allegation.checks.append(decided)
    allegation.touch()
    told = AllegationChecked(
        allegation=allegation.number,
        outcome=outcome,
        reasons=reasons,
        signposted_to=decided.signposted_to,
        back_on=decided.back_on,
        joined_to=joined_to.reference if joined_to and decided.joined_to else "",
        facts=decided.facts,
    )
    record(session, told, actor=actor, complaint=allegation.complaint)
    return decided


def reasons_to_send(complaint: Complaint) -> list[InitialCheck]:
    """What was decided and not accepted, and of which no reasons are recorded as sent."""
    return [
        allegation.check
        for allegation in complaint.allegations
        if allegation.check and not allegation.is_accepted and allegation.check.sent_on is None
    ]


def record_reasons_sent(
    session: Session,
    complaint: Complaint,
    *,
    actor: Account,
    sent_on: date,
    allegations: Collection[int] | None = None,
) -> None:
    """Record the day on which the reasons for what was not accepted went out: s.14(2) of the Act.

    `allegations` are the numbers of those whose reasons went out that day; None is all that wait.
    """
    policy.require(actor, Permission.COMPLAINT_CHANGE, complaint)
    waiting = reasons_to_send(complaint)
    if not waiting:
        raise RuleBroken("There are no reasons waiting to be sent.")
    if allegations is not None:
        waiting = _chosen_of(waiting, allegations)
    if sent_on > clock.today():
        raise RuleBroken("The day must not be in the future.", field="sent_on")
    if any(sent_on < clock.day_of(check.decided_at) for check in waiting):
        raise RuleBroken("The reasons cannot have been sent before they were decided.", field="sent_on")
    for check in waiting:
        check.sent_on = sent_on
    numbers = [check.allegation.number for check in waiting]
    to = [person.key for person in recipients_of_reasons(complaint).everybody]
    record(
        session, ReasonsSent(allegations=numbers, sent_on=sent_on, to=to), actor=actor, complaint=complaint
    )


def close_complaint(session: Session, complaint: Complaint, *, actor: Account) -> None:
    """Close a complaint of which nothing was accepted, once its reasons have been sent.

    Raises `RuleBroken` where an allegation was decided on facts that have changed since.
    """
    require_to_hold(complaint)
    complaints.close(session, complaint, actor=actor)


def draft_of_reasons(allegation: Allegation) -> str:
    """What a statement of reasons could say, from the tests that are not met: for a person to write on."""
    refusing = [one for one in tested(allegation) if one.is_refusing and one.standing]
    return "\n\n".join(f"{one.test.reason}\n\n{one.standing.note}" for one in refusing if one.standing)


def draft_of_signpost(allegation: Allegation) -> str:
    """Who could help instead, by the ground on which it is not ours; empty where the list says nothing."""
    grounds = (
        remit().get(one.standing.option)
        for one in tested(allegation)
        if one.standing and one.test.options == "remit"
    )
    return next((ground.signpost for ground in grounds if ground), "")


def _chosen_of(waiting: list[InitialCheck], numbers: Collection[int]) -> list[InitialCheck]:
    chosen = [check for check in waiting if check.allegation.number in numbers]
    if not chosen or len(chosen) < len(set(numbers)):
        raise RuleBroken("Select allegations whose reasons are waiting to be sent.", field="allegations")
    return chosen


def _check_outcome(outcome: CheckOutcome, asked: list[Tested]) -> None:
    refusing = [one.test.name.lower() for one in asked if one.is_refusing]
    waiting = [one.test.name.lower() for one in asked if one.standing is None]
    match outcome:
        case CheckOutcome.ACCEPT if refusing:
            raise RuleBroken(f"It cannot be accepted: not met is {', '.join(refusing)}.", field="outcome")
        case CheckOutcome.ACCEPT if waiting:
            raise RuleBroken(f"Answer these tests first: {', '.join(waiting)}.", field="outcome")
        case CheckOutcome.DECLINE | CheckOutcome.SIGNPOST if not refusing:
            raise RuleBroken(
                "Say first, among the tests, which of them is not met and why: the statement of reasons"
                " rests on that.",
                field="outcome",
            )


def _check_signpost(signposted_to: str, back_on: date | None, asked: list[Tested]) -> None:
    if not signposted_to:
        raise RuleBroken("Enter who can help them instead.", field="signposted_to")
    if back_on is None and any(one.test.id == "exhausted" and one.is_refusing for one in asked):
        raise RuleBroken("Enter from which day on they may come back to us.", field="back_on")
    if back_on and back_on <= clock.today():
        raise RuleBroken("The day must be in the future.", field="back_on")


def _check_join(complaint: Complaint, other: Complaint | None) -> None:
    if other is None or other is complaint:
        raise RuleBroken("Enter the reference of the other complaint.", field="joined_to")
    if other.state is ComplaintState.CLOSED or (other.case and not other.case.is_open):
        raise RuleBroken(
            f"{other.reference} is closed: nobody would look into this there.", field="joined_to"
        )
    if complaint in _joined_on_from(other):
        raise RuleBroken(
            f"Part of {other.reference} was joined to this complaint, or to one that leads back here: nobody"
            " would look into it anywhere.",
            field="joined_to",
        )


def _joined_on_from(complaint: Complaint) -> set[Complaint]:
    """Every complaint to which a part of this one was joined, or a part of one of those, and so on."""
    reached: set[Complaint] = set()
    waiting = [complaint]
    while waiting:
        joined = {one.check.joined_to for one in waiting.pop().allegations if one.check}
        fresh = {one for one in joined if one is not None} - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached


def _check_in_case(allegation: Allegation, outcome: CheckOutcome) -> None:
    """What an open case has begun is not dropped, or taken in, behind the back of those who are in it."""
    case = allegation.complaint.case
    if case is None:
        return
    accepts = outcome is CheckOutcome.ACCEPT
    if accepts and not allegation.is_accepted and case.put_to_parties_at:
        raise RuleBroken(
            "The organisations have been given the chance to comment on what is in the case. Take it back to"
            " primary investigation first.",
            field="outcome",
        )
    if not accepts and allegation.finding:
        raise RuleBroken("A finding has been written on it, and it stands or falls there.", field="outcome")
    if not accepts and case.allegations == [allegation]:
        raise RuleBroken("Nothing else is in the case: close the case instead.", field="outcome")


def _kept(allegation: Allegation, asked: list[Tested]) -> dict[str, object]:
    """The time limit under its own names, as decisions have always kept it, and all else by test."""
    answers = {
        one.test.id: {
            "answer": one.standing.answer,
            "option": one.standing.option,
            "note": one.standing.note,
            "by": one.standing.answered_by.name,
            "at": plain(one.standing.answered_at),
        }
        for one in asked
        if one.standing
    }
    facts = {name: facts.kept for name, facts in facts_of(allegation).items() if name != "time"}
    return {**time_limit(allegation).kept, "tests": answers, "computed": facts}
