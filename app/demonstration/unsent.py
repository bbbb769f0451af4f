"""What lies in the demonstration office unsent, and what has come through its front door."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy.orm import Session

from app.core.files import Files
from app.core.references import new_key
from app.demonstration.cast import Cast
from app.drafts import actions as drafts
from app.front_door import actions as front_door
from app.front_door.actions import Told
from app.front_door.models import SubmissionFile
from app.people.actions import Particulars
from app.people.models import AdjustmentKind, ContactWay

#: On which form, at which address, and what was typed so far.
DRAFTS = (
    ("complaints.log", "/complaints/new", {"name": "Cressida Vane", "narrative": "Her mother’s scan was"}),
    (
        "enquiries.take",
        "/enquiries/new",
        {"about": "Thornwick", "said": "He rang from the station and will ring"},
    ),
)


def drafts_of(session: Session, cast: Cast) -> None:
    """One complaint and one contact, begun and interrupted; and one that was thrown away."""
    kept = [
        drafts.save(
            session,
            actor=cast.caseworker,
            key=new_key(),
            form=form,
            address=address,
            answers=[*typed.items()],
            drawn_from=0,
        )
        for form, address, typed in (*DRAFTS, DRAFTS[1])
    ]
    if last := kept[-1]:
        drafts.throw_away(last.draft)


SENT_IN = Told(
    narrative="I had a chest X-ray in the spring because of my cough. In the summer another doctor saw by chance that"
    " it had shown a shadow, and that nobody had read it.\n\nThe other answers of the form:\n"
    "When it happened: April 2026\nScan or X-ray: X-ray\nPaid for by the NHS in England: yes",
    wanted="That they say why nobody looked, and that it does not happen to others.",
    complainant=Particulars(
        name="Peregrine Ashdown", email="peregrine@mail.example", telephone="07700 900004"
    ),
    affected=None,
    basis="",
    organisations=("Thornwick Infirmary", "the surgery in Mill Lane"),
    needs=((AdjustmentKind.LARGE_PRINT, "16 point"),),
    contact_by=ContactWay.EMAIL,
    contact_note="",
    is_unsafe_to_contact=False,
)


def sent_in(session: Session, files: Files) -> None:
    """A complaint that somebody made themselves, with a file, and once more; and a form that is only begun."""
    front_door.begin(session)
    again, _token = front_door.begin(session)
    front_door.send(session, again, SENT_IN)
    draft, _token = front_door.begin(session)
    kept = files.keep(BytesIO(b"An invented report of a chest X-ray."), limit=1000)
    draft.files.append(
        SubmissionFile(filename="report.txt", media_type="text/plain", sha256=kept.sha256, size=kept.size)
    )
    front_door.send(session, draft, SENT_IN)
