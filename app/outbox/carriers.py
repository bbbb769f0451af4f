"""Who carries messages out of the house, as the setting MAIL names it."""

from __future__ import annotations

import smtplib
import ssl
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

#: How long a mail server may keep us waiting at each of some nine steps, in seconds: less than a lease in all.
PATIENCE = 5


class Carrier(Protocol):
    def carry(self, message: EmailMessage) -> None:
        """Send it. Raises OSError (which SMTP's errors are) if it cannot be sent now."""


class Console:
    """Prints messages where the service runs: for trying out."""

    def carry(self, message: EmailMessage) -> None:
        said = f"To: {message['To']}\nSubject: {message['Subject']}\n\n{message.get_content()}"
        print(f"\n--- a message\n{said}---", file=sys.stderr, flush=True)  # noqa: T201


class Folder:
    """Lays each message into a folder as a file that mail programs open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def carry(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        arriving = self.folder / f"{name}.part"
        arriving.write_bytes(bytes(message))
        arriving.rename(self.folder / f"{name}.eml")


class MailServer:
    """Hands messages to a mail server: `smtps` speaks TLS from the start, `smtp` turns to it where offered.

    A name and a password are never sent in the clear.
    """

    def __init__(self, address: SplitResult) -> None:
        self.address = address

    def carry(self, message: EmailMessage) -> None:
        host, port = self.address.hostname or "localhost", self.address.port
        trusted = ssl.create_default_context()
        is_secret = self.address.scheme == "smtps"
        server = (
            smtplib.SMTP_SSL(host, port or 465, timeout=PATIENCE, context=trusted)
            if is_secret
            else smtplib.SMTP(host, port or 25, timeout=PATIENCE)
        )
        with closing(server):
            server.ehlo()
            if not is_secret and server.has_extn("starttls"):
                server.starttls(context=trusted)
                is_secret = True
            if self.address.username:
                if not is_secret:
                    raise ConnectionError("The mail server offers no TLS, and gets no password without it.")
                server.login(unquote(self.address.username), unquote(self.address.password or ""))
            server.send_message(message)
            with suppress(OSError):  # it has the letter; that it is slow to part is its own affair
                server.quit()


_CARRIERS: Mapping[str, Callable[[SplitResult], Carrier]] = {
    "console": lambda _address: Console(),
    "file": lambda address: Folder(Path(unquote(address.path))),
    "smtp": MailServer,
    "smtps": MailServer,
}


def carrier_for(mail: str) -> Carrier:
    """The carrier that the setting names; that it names one, the settings have seen to."""
    address = urlsplit(mail)
    return _CARRIERS[address.scheme](address)


def written(
    *, key: str, address: str, subject: str, body: str, sender: str, written_at: datetime
) -> EmailMessage:
    """The message as it is sent. The same key makes the same Message-ID, however often it is sent."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, address, subject
    message["Message-ID"] = f"<{key}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Date"] = format_datetime(written_at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message
