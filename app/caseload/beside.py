"""Going through a list one by one: what stands before and after a complaint in the list one came from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.caseload.models import Line
from app.caseload.queries import Asker, neighbours
from app.caseload.questions import ask_query
from app.complaints.models import Complaint
from app.core import clock


@dataclass(frozen=True)
class Beside:
    """The lines before and after, and the question of the list they stand in, as its address says it."""

    query: str
    before: Line | None
    after: Line | None


def beside(session: Session, account: Account, complaint: Complaint, query: str | None) -> Beside | None:
    """What stands beside the complaint in the list of that question; None for nobody who came from one."""
    if query is None:
        return None
    question = ask_query(query)
    before, after = neighbours(session, Asker(account, clock.today()), question, complaint.id)
    return Beside(question.query, before, after)
