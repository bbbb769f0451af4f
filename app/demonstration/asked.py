"""What a trust of the demonstration office was asked for: one thing came, one is not held, the rest was chased."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.cases.models import Case
from app.core import clock
from app.requests import actions, answers
from app.requests.models import Extent, ItemState

#: What is asked for, in the order of the list of items.
KINDS = ("report", "view_audit_trail", "learning_meeting")
#: How many days before today each thing was done, and how many working days they were given at first.
SENT, ANSWERED, CHASED, GIVEN = 20, 17, 8, 4


def ask(session: Session, case: Case, *, investigator: Account, caseworker: Account) -> None:
    """Ask whoever supplied the first document of the case, as its investigator would."""
    report = next(one for one in case.documents if one.supplied_by_organisation)
    assert report.supplied_by_organisation is not None
    now = clock.now()
    with clock.at(now - timedelta(days=SENT)):
        request = actions.make(
            session,
            case,
            actor=investigator,
            organisation=report.supplied_by_organisation,
            kinds=KINDS,
            own="The rota of the reporting room for that week.",
            working_days=GIVEN,
        )
        actions.send(session, request, actor=investigator)
    items = {item.kind: item for item in request.items}
    with clock.at(now - timedelta(days=ANSWERED)):
        answers.answer(
            session, case, actor=caseworker, items=[items["report"]], document=report, extent=Extent.WHOLE
        )
        answers.settle(
            session,
            items["learning_meeting"],
            actor=caseworker,
            state=ItemState.NOT_HELD,
            explanation="No meeting was held in that quarter, as the radiology governance lead writes.",
        )
    with clock.at(now - timedelta(days=CHASED)):
        actions.chase(session, request, actor=investigator, working_days=GIVEN)
