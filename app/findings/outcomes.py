"""How the outcome of a case follows from its findings."""

from __future__ import annotations

from app.cases.models import Case
from app.findings.models import Outcome

UPHOLDING = frozenset({Outcome.UPHELD, Outcome.PARTLY_UPHELD})


def of_case(case: Case) -> Outcome | None:
    """All upheld: upheld. None: not upheld. A mix, or any in part: partly upheld.

    None while any accepted allegation lacks a whole finding. “Failing without injustice” upholds
    nothing.
    """
    outcomes = [allegation.finding and allegation.finding.outcome for allegation in case.allegations]
    if not outcomes or None in outcomes:
        return None
    if all(outcome is Outcome.UPHELD for outcome in outcomes):
        return Outcome.UPHELD
    return Outcome.PARTLY_UPHELD if UPHOLDING & set(outcomes) else Outcome.NOT_UPHELD


def explained(case: Case) -> str:
    """In one sentence, how the outcome of the case follows from those of its allegations."""
    outcomes = [allegation.finding and allegation.finding.outcome for allegation in case.allegations]
    total, upheld = len(outcomes), sum(outcome in UPHOLDING for outcome in outcomes)
    in_part = sum(outcome is Outcome.PARTLY_UPHELD for outcome in outcomes)
    match of_case(case):
        case None:
            return f"{outcomes.count(None)} of {total} allegations have no complete finding yet."
        case Outcome.UPHELD:
            return "Every allegation is upheld, so the case is upheld."
        case Outcome.NOT_UPHELD:
            return "No allegation is upheld, so the case is not upheld."
    partly = f", {in_part} of them in part" if in_part else ""
    return f"{upheld} of {total} allegations are upheld{partly}, so the case is partly upheld."
