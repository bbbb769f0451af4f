"""What lies in the demonstration office and has not been sent: drafts of its caseworker."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.references import new_key
from app.demonstration.acts import Cast
from app.drafts import actions as drafts

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
