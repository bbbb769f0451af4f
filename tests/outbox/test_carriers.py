"""Messages as they leave: one letter, whatever carries it, and no password in the clear."""

from __future__ import annotations

import email
import smtplib
import socket
from datetime import UTC, datetime
from email import policy

import pytest
from aiosmtpd.controller import Controller

from app.core import clock
from app.core.work import WorkState
from app.database import db
from app.outbox.actions import post
from app.outbox.carriers import carrier_for, written
from app.outbox.models import Message
from app.worker import doing

LETTER = written(
    key="0" * 32,
    address="liaison@trust.example",
    subject="Something waits for you",
    body="A recommendation waits.\n",
    sender="The Office <no-reply@office.example>",
    written_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
)


class Received:
    """A mail server that keeps what it is given, or refuses it."""

    def __init__(self):
        self.letters, self.refuses, self.hangs_up = [], False, False

    async def handle_QUIT(self, server, _session, _envelope):  # noqa: N802
        if self.hangs_up:
            server.transport.close()
        return "221 Bye"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (the name it is called by)
        if self.refuses:
            return "451 Not now"
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 Kept"


@pytest.fixture
def mail_server():
    received = Received()
    with socket.create_server(("127.0.0.1", 0)) as free:
        received.port = free.getsockname()[1]
    controller = Controller(received, hostname="127.0.0.1", port=received.port)
    controller.start()
    yield received
    controller.stop()


def test_a_mail_server_is_handed_the_letter(mail_server):
    carrier_for(f"smtp://127.0.0.1:{mail_server.port}").carry(LETTER)

    [letter] = mail_server.letters
    assert {
        name: letter[name] for name in ("From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted")
    } == {
        "From": "The Office <no-reply@office.example>",
        "To": "liaison@trust.example",
        "Subject": "Something waits for you",
        "Message-ID": f"<{'0' * 32}@office.example>",
        "Date": "Mon, 02 Mar 2026 09:30:00 +0000",
        "Auto-Submitted": "auto-generated",
    }
    assert letter.get_content().splitlines() == ["A recommendation waits."]


def test_a_server_that_has_the_letter_and_hangs_up_has_it(mail_server):
    mail_server.hangs_up = True
    carrier_for(f"smtp://127.0.0.1:{mail_server.port}").carry(LETTER)

    assert len(mail_server.letters) == 1


def test_a_password_is_not_sent_where_there_is_no_tls(mail_server):
    with pytest.raises(ConnectionError, match="gets no password"):
        carrier_for(f"smtp://office:secret@127.0.0.1:{mail_server.port}").carry(LETTER)
    assert mail_server.letters == []


def test_a_folder_keeps_each_letter_once_however_often_it_is_sent(tmp_path):
    carrier = carrier_for(tmp_path.as_uri())
    carrier.carry(LETTER)
    carrier.carry(LETTER)

    [file] = tmp_path.iterdir()
    assert email.message_from_bytes(file.read_bytes())["Subject"] == "Something waits for you"


def test_the_console_shows_it_in_words_whatever_letters_they_are_of(capsys):
    letter = written(
        key="1",
        address="liaison@trust.example",
        subject="Something waits for you",
        body="2 × case given to you",
        sender="no-reply@office.example",
        written_at=clock.now(),
    )

    carrier_for("console:").carry(letter)

    shown = capsys.readouterr().err
    assert [
        words
        for words in ("liaison@trust.example", "Something waits for you", "2 × case")
        if words not in shown
    ] == []


def test_nobody_slips_a_second_recipient_into_a_letter():
    with pytest.raises(ValueError, match="linefeed"):
        written(
            key="1",
            address="a@b.example\nBcc: c@d.example",
            subject="s",
            body="b",
            sender="x@y.example",
            written_at=clock.now(),
        )


def test_a_message_is_sent_with_the_address_of_what_it_is_about(app, connection, monkeypatch, mail_server):
    monkeypatch.setitem(app.config, "MAIL", f"smtp://127.0.0.1:{mail_server.port}")
    with app.app_context():
        with db.unit_of_work() as session:
            message = post(session, address="a@office.example", subject="S", body="B.", leads_to="/exports/")
        number = message.id
        assert doing.do("message", number)
        message = db.session.get_one(Message, number)
        assert (message.state, message.sent_at.date()) == (WorkState.DONE, clock.now().date())

    [letter] = mail_server.letters
    assert letter.get_content().splitlines() == ["B.", "", "http://localhost:8000/exports/"]


def test_a_message_that_a_mail_server_refuses_waits_and_says_why(app, connection, monkeypatch, mail_server):
    monkeypatch.setitem(app.config, "MAIL", f"smtp://127.0.0.1:{mail_server.port}")
    mail_server.refuses = True
    with app.app_context():
        with db.unit_of_work() as session:
            message = post(session, address="a@office.example", subject="S", body="B.", leads_to="/")
        number = message.id
        assert not doing.do("message", number)
        message = db.session.get_one(Message, number)
        assert (message.state, message.attempts) == (WorkState.WAITING, 1)
        assert message.problem == f"It could not be done ({smtplib.SMTPDataError.__name__})."
