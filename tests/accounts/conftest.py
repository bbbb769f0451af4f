"""Links as they arrive: in the letters the worker sends."""

from __future__ import annotations

import email
import re
from email import policy
from urllib.parse import unquote, urlsplit

import pytest
from sqlalchemy import select

from app.core.work import WorkState
from app.outbox.models import Message
from app.worker import doing


@pytest.fixture
def letters(app, connection, session, monkeypatch, tmp_path):
    """Send what waits, and read every letter there is: `[(address, subject, text)]`, the oldest first."""
    monkeypatch.setitem(app.config, "MAIL", (tmp_path / "mail").as_uri())

    def read():
        session.commit()
        waiting = select(Message.id).where(Message.state == WorkState.WAITING).order_by(Message.id)
        with app.app_context():
            for number in session.scalars(waiting).all():
                assert doing.do("message", number)
        session.expire_all()
        sent = session.scalars(select(Message).order_by(Message.id)).all()
        folder = tmp_path / "mail"
        read = [
            email.message_from_bytes((folder / f"{message.key}.eml").read_bytes(), policy=policy.default)
            for message in sent
            if (folder / f"{message.key}.eml").exists()
        ]
        return [(letter["To"], letter["Subject"], letter.get_content()) for letter in read]

    assert unquote(urlsplit(app.config["MAIL"]).path).endswith("mail")
    return read


def path_in(text: str) -> str:
    """The path of the link in a letter."""
    return re.search(r"http://localhost:8000(/\S+)", text).group(1)
