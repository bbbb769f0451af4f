from __future__ import annotations

from sqlalchemy.orm import Session

from app.outbox.models import Message


def post(
    session: Session, *, address: str, subject: str, body: str, leads_to: str, seal: str | None = None
) -> Message:
    """Write a message, to be sent once this transaction is committed.

    `body` is plain text and holds no personal data: it passes through machines that are not ours.
    `leads_to` is a path of this service, such as `/exports/`. With a `seal` it ends in the secret that is made
    of it when the letter is sent, and which is kept nowhere.
    """
    message = Message(address=address, subject=subject, body=body, leads_to=leads_to, seal=seal)
    session.add(message)
    return message
