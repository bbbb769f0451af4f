"""What the web front owes whoever sends it anything at all: a browser made of plain requests.

A `Visitor` is somebody signed in. It keeps its cookie and form token itself and sends bytes as they
are given, so that a test can send what no browser would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

from flask import Flask
from sqlalchemy import Connection, func, select, text
from werkzeug.routing import Rule

from app.accounts.models import Role
from app.core import clock
from app.demonstration.office import PASSWORD
from app.models import Model
from app.reference.shelf import shelf

MANAGER, CASEWORKER = "manager@office.example", "caseworker@office.example"
ADMINISTRATOR, LIAISON = "administrator@office.example", "liaison@eastmarch.example"
WHO = {
    Role.CASEWORKER: ("caseworker@office.example",),
    Role.INVESTIGATOR: ("investigator@office.example", "second.investigator@office.example"),
    Role.MANAGER: ("manager@office.example",),
    Role.OMBUDSMAN: ("ombudsman@office.example",),
    Role.ADMINISTRATOR: ("administrator@office.example",),
    Role.LIAISON: ("liaison@eastmarch.example", "liaison@thornwick.example"),
}
#: Something well-formed for each kind of thing that stands in an address, of which there is none.
STANDING_IN = {
    "ReferenceConverter": "SR-0000-0000",
    "KeyConverter": "0" * 32,
    "CodeConverter": "RXX",
    "LetterConverter": "J",
    "NumberConverter": 1,
    "RowConverter": 1,
    "VersionConverter": 0,
}
#: Tables that every request may write to, refused or not.
LOGS = frozenset({"access_entry", "account_session", "attempt_count"})
#: Columns that are drawn by chance, or hashes of such.
DRAWN = frozenset(
    {"salt", "detail_digest", "previous_hash", "hash", "request_id", "password_hash", "seal", "token_hash"}
)
SEAM = b"a-seam-that-is-in-no-test"

Fields = list[tuple[str, bytes]]
Files = list[tuple[str, str, bytes]]


@dataclass
class Form(HTMLParser):
    """The one form of a page that is the page's own: its fields, and an answer to each."""

    html: str
    fields: Fields = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    is_there: bool = False

    def __post_init__(self) -> None:
        super().__init__()
        self._inside, self._select, self._textarea, self._written = False, "", "", ""
        self.feed(self.html)

    @property
    def names(self) -> list[str]:
        hidden = {"csrf_token"}
        return list(dict.fromkeys(name for name, _ in self.fields if name not in hidden))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_ours = "action" not in given or given.get("class") == "form"
        if tag == "form" and given.get("method") == "post" and is_ours:
            self._inside = self.is_there = True
        if not self._inside:
            return
        name = given.get("name", "")
        if tag == "input" and given.get("tabindex") == "-1":
            return  # seen by nobody: only a machine fills it in
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea":
            self._textarea, self._written = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            self.fields.append((self._select, given["value"].encode()))
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._written += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "textarea" and self._textarea:
            self.fields.append((self._textarea, (self._written.strip() or "Words of a test").encode()))
            self._textarea = ""

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind == "file":
            self.files.append(name)
        elif kind in {"radio", "checkbox"}:
            if name not in dict(self.fields):
                self.fields.append((name, value.encode()))
        elif kind == "password":
            self.fields.append((name, PASSWORD.encode()))
        else:
            self.fields.append((name, (value or _answer_to(name)).encode()))


def _answer_to(name: str) -> str:
    today = clock.today()
    for part in ("day", "month", "year"):
        if name.endswith(f"-{part}"):
            return str(getattr(today, part))
    if name.endswith("_time") or name in {"organisation", "pages", "submission"}:
        return ""
    return "SR-0000-0000" if name == "of" else "Words"


def address_of(rule: Rule) -> str:
    """An address of that rule, filled in by what kind of thing each of its parts is."""
    kinds = {name: type(rule._converters[name]).__name__ for name in rule.arguments}
    return rule.build({name: STANDING_IN.get(kind, "caseload") for name, kind in kinds.items()})[1]


class Visitor:
    """Somebody at a browser, signed in unless `email` is empty."""

    def __init__(self, app: Flask, email: str = "", password: str = PASSWORD, **environ: object) -> None:
        self.app, self.email, self.cookie, self.token = app, email, "", ""
        self.environ = environ
        self.fetch("/sign-in")
        if email:
            answer = self.send("/sign-in", [("email", email.encode()), ("password", password.encode())])
            assert answer.status_code == 302, answer.text
            self.fetch("/account")

    def fetch(self, path: str, **more: object):
        """GET a page, as a browser would: its cookie and form token are kept."""
        answer = self.open(path, **more)
        self.keep(answer)
        return answer

    def send(self, path: str, fields: Iterable[tuple[str, bytes]] = (), files: Files | None = None, **more):
        """POST a form with this visitor's token, and keep what comes back."""
        answer = self.post(path, [("csrf_token", self.token.encode()), *fields], files, **more)
        self.keep(answer)
        return answer

    def post(self, path: str, fields: Fields, files: Files | None = None, **more):
        """POST these fields and no others, and keep nothing of the answer."""
        body, kind = encoded(fields, files)
        return self.open(path, method="POST", data=body, content_type=kind, **more)

    def open(self, path: str, **more):
        headers = {**({"Cookie": self.cookie} if self.cookie else {}), **more.pop("headers", {})}
        if base := self.environ.get("base_url"):
            headers.setdefault("Referer", f"{base}/")  # as browsers do, and Flask-WTF asks over https
        client = self.app.test_client(use_cookies=False)
        return client.open(path, headers=headers, **{**self.environ, **more})

    def keep(self, answer) -> None:
        for line in answer.headers.getlist("Set-Cookie"):
            if line.partition("=")[0].endswith("second-read"):  # not what its device is known by
                self.cookie = line.partition(";")[0]
        if answer.mimetype == "text/html" and (token := token_of(answer.text)):
            self.token = token

    def is_in(self) -> bool:
        """Whether the server still knows this visitor's sign-in."""
        return self.open("/account").status_code == 200


def token_of(html: str) -> str:
    _, _, rest = html.partition('name="csrf_token" value="')
    return rest.partition('"')[0]


def encoded(fields: Fields, files: Files | None = None) -> tuple[bytes, str]:
    """A body as a browser encodes it, with the bytes of the values as they are."""
    if not files:
        pairs = (f"{quote_from_bytes(n.encode())}={quote_from_bytes(v)}" for n, v in fields)
        return "&".join(pairs).encode(), "application/x-www-form-urlencoded"
    parts = [b'name="%s"\r\n\r\n%s' % (name.encode(), value) for name, value in fields]
    parts += [
        b'name="%s"; filename="%s"\r\nContent-Type: text/plain\r\n\r\n%s' % (n.encode(), f.encode(), c)
        for n, f, c in files
    ]
    opened = b"".join(b"--%s\r\nContent-Disposition: form-data; %s\r\n" % (SEAM, part) for part in parts)
    return opened + b"--%s--\r\n" % SEAM, f"multipart/form-data; boundary={SEAM.decode()}"


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Whatever is done inside is undone afterwards: rows, the numbers of rows, and the office's clock."""
    offset = clock.offset()
    with connection.begin_nested() as savepoint:
        try:
            yield
        finally:
            savepoint.rollback()
            shelf.clear()
            clock.move_by(offset)


def rows(connection: Connection, *, without: frozenset[str] = frozenset()) -> dict[str, list[tuple]]:
    """Every row of every table but the logs."""
    return {
        table.name: [
            tuple(row)
            for row in connection.execute(
                select(*[column for column in table.columns if column.name not in without]).order_by(
                    table.c.id
                )
            )
        ]
        for table in Model.metadata.sorted_tables
        if table.name not in LOGS
    }


def number_from_the_start(connection: Connection) -> None:
    """Let new rows have the numbers they would have had, although PostgreSQL never gives one twice."""
    if connection.dialect.name != "postgresql":
        return
    for table in Model.metadata.sorted_tables:
        highest = connection.scalar(select(func.max(table.c.id))) or 0
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :next, false)"),
            {"name": table.name, "next": highest + 1},
        )
