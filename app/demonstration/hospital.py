"""A message of the hospital's reporting system, in one case of the demonstration office: an addendum nobody had seen.

The office's own program reads a message only where it is examined, by the worker. What it will say is written here
beside the message, so that a newcomer finds it at once; a test holds the two together.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.cases.models import Case
from app.complaints.models import Part
from app.core import clock
from app.core.files import Files
from app.demonstration.released import released
from app.evidence import actions as evidence
from app.evidence.models import CopyKind, Document, Supplier, Way
from app.messages import actions as messages
from app.organisations.models import Organisation

#: The number of the complaint whose case has it.
OF = 16
WORDS = "Addendum: the opacity in the right upper zone was there on the film of two years before."


def addendum(name: str, born_on: date, sent_on: date) -> tuple[bytes, dict[str, Any]]:
    """The message, and what the reader says of it."""
    first, _, family = name.rpartition(" ")
    born, sent = f"{born_on:%Y%m%d}", f"{sent_on:%Y%m%d}1640"
    lines = [
        rf"MSH|^~\&|RIS|EASTMARCH|CASEWORK|OMB|{sent}||ORU^R01|RIS-20417|P|2.4",
        f"PID|1||EM40117^^^EASTMARCH^MR||{family}^{first}||{born}|U",
        f"OBR|1|R-88|R-88-A^RIS|XCHES^Chest X-ray^LOCAL||||||||||||||EM-88||||{sent}|||C",
        f"OBX|1|FT|XCHES&ADT^Addendum^LOCAL|1|{WORDS}||||||C",
    ]
    moment = {
        "given": sent,
        "day": sent_on.isoformat(),
        "time": "16:40",
        "precision": "minute",
        "offset": "",
    }
    event = {"kind": "corrected", "moment": moment, "place": "OBR[1]-22", "words": WORDS, "note": ""}
    said = {
        "kind": "ORU^R01",
        "sender": "RIS, EASTMARCH",
        "control_id": "RIS-20417",
        "sent": sent,
        "digest": hashlib.sha256("\r".join(lines).encode()).hexdigest(),
        "patient": {
            "name": f"{family}^{first}",
            "nhs_number": "",
            "numbers": [{"number": "EM40117", "authority": "EASTMARCH"}],
            "born_on": born_on.isoformat(),
        },
        "about": "Chest X-ray",
        "numbers": ["EM-88", "R-88-A"],
        "study_uid": "",
        "status": "C",
        "events": [event],
        "notes": [],
    }
    return "".join(f"{line}\r" for line in lines).encode(), {"messages": [said]}


def send(
    session: Session, files: Files, case: Case, *, actor: Account, manager: Account, trust: Organisation
) -> Document:
    """Receive the message as any document, and keep what it says. Its one row waits for somebody to decide."""
    [affected] = case.complaint.people_as(Part.PERSON_AFFECTED)
    today = clock.today()
    content, said = addendum(affected.name, affected.born_on or today, today - timedelta(days=40))
    document = evidence.receive(
        session,
        case,
        actor=actor,
        kept=files.keep(BytesIO(content), limit=len(content)),
        filename="RIS-20417.hl7",
        media_type="application/hl7-v2",
        title="Message of the reporting system",
        supplier=Supplier.ORGANISATION,
        organisation=trust,
        supplied_on=today,
        way=Way.TRANSFER,
        copy_kind=CopyKind.COPY,
    )
    released(session, document, manager=manager)
    messages.file_messages(session, document, said)
    return document
