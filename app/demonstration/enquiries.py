"""Contacts of the demonstration office that are no complaints yet, at every point of their way."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from app.core import clock
from app.demonstration.cast import Cast
from app.doubles import merging
from app.enquiries import actions as enquiries
from app.enquiries.models import Enquiry, Way
from app.people.actions import Particulars
from app.people.models import Person
from app.risk import actions as risk

#: Who called how many days ago, about whom, and what they said.
CALLS = (
    (1, "Delphine Oakshott", "The infirmary", "Her scan was in March, and nobody has told her the result."),
    (2, "Rhodri Blackwell", "Eastmarch", "He was told by chance that something had been seen two years ago."),
    (5, "Mabel Thackeray", "Thornwick", "She complained to the hospital three weeks ago and has no answer."),
    (9, "Anselm Fernsby", "A private clinic", "He paid for the scan himself and is unhappy with the report."),
    (
        30,
        "Leocadia Wrenfield",
        "Thornwick",
        "She has complained to the hospital today, and nobody has answered yet.",
    ),
)


def enquiries_of(session: Session, cast: Cast) -> None:
    """One is taken and urgent, one is offered to be written down, one waits to be confirmed, two are closed."""
    taken = [_taken(session, cast, *call) for call in CALLS]
    risk.raise_alert(session, taken[0], actor=cast.caseworker)
    today = clock.today()
    for enquiry in taken[1:3]:
        how = "On the telephone. They would like that."
        enquiries.offer_to_write(session, enquiry, actor=cast.caseworker, on=enquiry.received_on, how=how)
    enquiries.write_down(
        session, taken[2], actor=cast.caseworker, written=taken[2].said, sent_on=today - timedelta(days=1)
    )
    enquiries.close(
        session,
        taken[3],
        actor=cast.caseworker,
        closing="We cannot look into care that was not paid for by the NHS. The clinic has a complaints procedure.",
        back_on=today + timedelta(days=30),
    )
    with clock.at(taken[4].received_at):
        enquiries.close(
            session,
            taken[4],
            actor=cast.caseworker,
            closing="The hospital should have the chance to answer first. Come back if it does not within a month.",
            back_on=today,
        )
    _known_twice(session, cast)


def _known_twice(session: Session, cast: Cast) -> None:
    """Somebody has three records: two were found to be one, and the third may be."""
    stays, joined = (
        _whose(_taken(session, cast, 2, name, "Eastmarch", said))
        for name, said in (
            ("Rodri Blackwell", "He rang again and asked whether anybody had looked at the scan."),
            ("R. Blackwell", "He wrote as well, and sent the letter he had from the practice."),
        )
    )
    merging.merge(
        session,
        stays,
        joined,
        actor=cast.caseworker,
        reasons="The same telephone number, and he confirmed on the telephone that the letter is his.",
        choices={"name": merging.THIS},
    )


def _taken(session: Session, cast: Cast, days: int, name: str, about: str, said: str) -> Enquiry:
    return enquiries.take(
        session,
        actor=cast.caseworker,
        way=Way.TELEPHONE,
        received_at=clock.now() - timedelta(days=days),
        said=said,
        about=about,
        is_identity_checked=True,
        particulars=Particulars(name=name, telephone=f"07700 9000{days:02}"),
    )


def _whose(enquiry: Enquiry) -> Person:
    assert enquiry.person
    return enquiry.person
