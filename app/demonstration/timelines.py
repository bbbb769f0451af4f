"""An imaging timeline of the demonstration office: a chest X-ray that nobody read, and a CT eighteen months later."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.cases.models import Case
from app.core import clock
from app.evidence import linking
from app.evidence.models import Document, Weight
from app.organisations.models import Organisation
from app.timeline import actions
from app.timeline.models import Exactness, Study

XRAY, CT = "Chest X-ray", "CT of the chest"
#: The examination, what happened, how many days after the X-ray, how exactly it is known, and what else is said.
ROWS: tuple[tuple[str | None, str, int, Exactness, dict[str, Any]], ...] = (
    (XRAY, "reported", 9, Exactness.DAY, {}),
    (
        XRAY,
        "reported",
        16,
        Exactness.DAY,
        {"disputed_by": "The organisation", "disputed_because": "Its own log shows a week less."},
    ),
    (XRAY, "requested", 0, Exactness.MINUTE, {"at_time": time(10, 2)}),
    (XRAY, "performed", 0, Exactness.MINUTE, {"at_time": time(11, 40)}),
    (XRAY, "read", 9, Exactness.DAY, {"until": 540, "words": "The audit log was searched: never opened."}),
    (CT, "requested", 541, Exactness.DAY, {}),
    (CT, "performed", 548, Exactness.DAY, {}),
    (CT, "reported", 550, Exactness.DAY, {}),
    (CT, "patient_told", 556, Exactness.ABOUT, {}),
    (None, "diagnosis", 570, Exactness.MONTH, {}),
)


def tell(session: Session, case: Case, *, actor: Account, trust: Organisation, source: Document) -> None:
    """Record it all as the investigator would, from one document."""
    scanned = clock.today() - timedelta(days=800)
    studies: dict[str | None, Study | None] = {None: None}
    for name in (XRAY, CT):
        studies[name] = actions.name_study(session, case, actor=actor, name=f"{name}, {trust.known_as}")
    for study, kind, after, exactness, more in ROWS:
        until = more.get("until")
        row = actions.record_row(
            session,
            case,
            actor=actor,
            kind=kind,
            happened_on=scanned + timedelta(days=after),
            exactness=exactness,
            study=studies[study],
            organisation=trust,
            document=source,
            page="2",
            until_on=scanned + timedelta(days=until) if until else None,
            **{key: value for key, value in more.items() if key != "until"},
        )
        if until:
            linking.link_row(
                session,
                row,
                next(one for one in case.allegations if one.organisation is trust),
                actor=actor,
                note="Nobody opened the report of the X-ray.",
                weight=Weight.SUPPORTS,
                reason="The whole of the audit log was searched, and it names nobody.",
            )
