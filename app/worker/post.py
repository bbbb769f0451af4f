from __future__ import annotations

from flask import current_app

from app.core import clock, sealing
from app.core.work import Taken
from app.database import db
from app.outbox.carriers import carrier_for, written
from app.outbox.models import Message
from app.worker.notes import surely


def send(taken: Taken[Message]) -> None:
    """Hand one message to whoever carries messages, then note that it went. No lock is held meanwhile."""
    message = db.session.get_one(Message, taken.number)
    letter = written(
        key=message.key,
        address=message.address,
        subject=message.subject,
        written_at=message.created_at,
        body=f"{message.body}\n\n{current_app.config['ADDRESS']}{_leads_to(message)}\n",
        sender=current_app.config["MAIL_FROM"],
    )
    db.close()
    carrier_for(current_app.config["MAIL"]).carry(letter)
    surely(lambda session: setattr(taken.done(session), "sent_at", clock.now()))


def _leads_to(message: Message) -> str:
    """The path of the page it is about, with its secret end if it has one."""
    return message.leads_to + (sealing.token_of(message.seal) if message.seal else "")
