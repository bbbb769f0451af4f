"""Reading the national register: files of the ODS `etr` layout, one trust a line, no header.

Twenty-four columns in old files, up to twenty-seven in new ones; the missing are empty. A file is
read whole and checked whole before anything is written, so nothing of a bad file is half-loaded.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app import policy
from app.accounts.models import Account
from app.audit.record import record
from app.core.errors import RuleBroken
from app.core.text import clean, searchable
from app.organisations.events import RegisterLoaded
from app.organisations.models import Organisation, OrganisationFacts, OrganisationKind, RegisterFile, Source
from app.policy import Permission

FEWEST_COLUMNS, MOST_COLUMNS = 12, 27
CODE, NAME, ADDRESS, POSTCODE, OPENED, CLOSED = 0, 1, slice(4, 9), 9, 10, 11
SMALL_WORDS = {"AND", "OF", "THE", "FOR", "IN", "ON", "UPON", "WITH"}
KEPT_IN_CAPITALS = {"NHS", "UK", "UCL", "NHSFT", "II", "III"}


@dataclass(frozen=True)
class Listed:
    """What one line says of one organisation."""

    code: str
    name: str
    address: str
    postcode: str
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True)
class Loaded:
    """What loading a file did. `already` says it had been loaded before, and nothing was done."""

    listed: int
    new: int
    changed: int
    missing: int
    already: bool = False


def load(session: Session, content: bytes, *, as_at: date, actor: Account | None) -> Loaded:
    """Load one register file, true as at a day. Raises `RuleBroken` naming the line of a bad row.

    A file older than one loaded before fills in history only: what an organisation is called now
    is what the newest file calls it.
    """
    policy.require(actor, Permission.ORGANISATION_ADD)
    sha256 = hashlib.sha256(content).hexdigest()
    before = session.scalar(select(RegisterFile).where(RegisterFile.as_at == as_at))
    if before is not None and before.sha256 == sha256:
        return Loaded(0, 0, 0, 0, already=True)
    if before is not None:
        raise RuleBroken(f"Another file as at {as_at.isoformat()} has been loaded already.")

    rows = read(content)
    known = {
        organisation.code: organisation
        for organisation in session.scalars(select(Organisation).options(selectinload(Organisation.facts)))
    }
    new = changed = 0
    for row in rows:
        organisation = known.get(row.code)
        if organisation is None:
            organisation = _new_organisation(session, row)
            new += 1
        changed += _note(organisation, row, as_at)
    session.add(RegisterFile(sha256=sha256, as_at=as_at, organisations=len(rows)))
    missing = _mark_the_missing(session)

    loaded = Loaded(len(rows), new, changed - new, missing)
    record(
        session,
        RegisterLoaded(
            as_at=as_at, sha256=sha256, listed=loaded.listed, new=new, changed=loaded.changed, missing=missing
        ),
        actor=actor,
    )
    return loaded


def read(content: bytes) -> list[Listed]:
    """The rows of the file. Raises `RuleBroken` for the first that cannot be understood."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    rows: dict[str, Listed] = {}
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for cells in reader:
            if not cells:
                continue
            row = _listed(cells, reader.line_num)
            if row.code in rows:
                raise RuleBroken(f"Line {reader.line_num}: the code {row.code} is listed twice.")
            rows[row.code] = row
    except csv.Error as error:
        raise RuleBroken(f"Line {reader.line_num}: this is not a CSV row ({error}).") from error
    if not rows:
        raise RuleBroken("The file lists no organisations.")
    return list(rows.values())


def _listed(cells: list[str], line: int) -> Listed:
    if not FEWEST_COLUMNS <= len(cells) <= MOST_COLUMNS:
        raise RuleBroken(
            f"Line {line}: expected {FEWEST_COLUMNS} to {MOST_COLUMNS} columns, found {len(cells)}."
        )
    cells = [clean(cell) for cell in cells]
    code, name = cells[CODE].upper(), cells[NAME]
    if not (code.isascii() and code.isalnum() and 3 <= len(code) <= 8):
        raise RuleBroken(f"Line {line}: “{cells[CODE][:20]}” is not an organisation code.")
    if not name:
        raise RuleBroken(f"Line {line}: the organisation {code} has no name.")
    address = ", ".join(part for part in map(_in_title_case, cells[ADDRESS]) if part)
    opened, closed = (_day(cells[column], line) for column in (OPENED, CLOSED))
    return Listed(code, _in_title_case(name), address, cells[POSTCODE], opened, closed)


def _day(cell: str, line: int) -> date | None:
    if not cell:
        return None
    try:
        return datetime.strptime(cell, "%Y%m%d").date()  # noqa: DTZ007 (a day has no time zone)
    except ValueError:
        raise RuleBroken(f"Line {line}: “{cell[:20]}” is not a date such as 20230809.") from None


def _in_title_case(words: str) -> str:
    """The register shouts; people do not. `ST MARY'S NHS TRUST` becomes `St Mary's NHS Trust`."""

    def said(position: int, word: str) -> str:
        if word in KEPT_IN_CAPITALS or any(char.isdigit() for char in word):
            return word
        if word in SMALL_WORDS and position:
            return word.lower()
        return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))

    return " ".join(said(position, word) for position, word in enumerate(words.upper().split()))


def _new_organisation(session: Session, row: Listed) -> Organisation:
    organisation = Organisation(
        code=row.code,
        name=row.name,
        search_name=searchable(row.name),
        kind=OrganisationKind.NHS_TRUST,
        source=Source.REGISTER,
    )
    session.add(organisation)
    return organisation


def _note(organisation: Organisation, row: Listed, as_at: date) -> bool:
    """Keep what the file says where it differs from the file before; True if that is news."""
    said = {
        "name": row.name,
        "search_name": searchable(row.name),
        "address": row.address,
        "postcode": row.postcode,
        "opened_on": row.opened_on,
        "closed_on": row.closed_on,
    }
    before = [facts for facts in organisation.facts if facts.as_at <= as_at]
    is_news = not before or any(getattr(before[-1], name) != value for name, value in said.items())
    if is_news:
        organisation.facts.insert(len(before), OrganisationFacts(as_at=as_at, **said))

    if organisation.last_listed_on is None or organisation.last_listed_on <= as_at:
        organisation.last_listed_on = as_at
        for name, value in said.items():
            setattr(organisation, name, value)
    return is_news


def _mark_the_missing(session: Session) -> int:
    """Mark each organisation with the first file, after its last, that no longer lists it."""
    session.flush()
    days = sorted(session.scalars(select(RegisterFile.as_at)))
    listed = session.scalars(select(Organisation).where(Organisation.last_listed_on.is_not(None))).all()
    for organisation in listed:
        organisation.missing_since = _first_after(days, organisation.last_listed_on)
    return sum(organisation.missing_since is not None for organisation in listed)


def _first_after(days: Iterable[date], day: date | None) -> date | None:
    return next((later for later in days if day is not None and later > day), None)
