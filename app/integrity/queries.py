"""What the rows name, compared with what lies in the store. A stretch of the hashes at a time, so that
an office of any size is looked at in little memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app import policy
from app.accounts.models import Account
from app.cases.models import Case
from app.complaints.models import Complaint
from app.core import clock
from app.core.files import Files
from app.core.model import Model
from app.core.terms import Term
from app.evidence.models import Document
from app.integrity.models import FileCheck, Outcome
from app.policy import Permission

#: Columns of hashes that name no file in the store of evidence, and what they are instead.
ELSEWHERE: Mapping[str, str] = {
    "adviser_copy": "a file in the store of copies, which can be made again",
    "bundle": "a file in the store of bundles, for two days",
    "export": "a file in the store of exports, for two days",
    "final_decision": "the hash of the words of a decision",
    "rendition": "a picture in the store of renditions, which can be drawn again",
    "register_file": "the hash of a national register, which is not kept",
    "submission_file": "a file in the store of what is not sent yet",
}
#: Hashes begin with these.
STRETCHES = tuple(f"{number:02x}" for number in range(256))
#: How long it may take from a file's being kept until its row is committed.
ENTERING = timedelta(hours=1)
#: How many findings a page shows, how many documents of one, and how many people are told.
MOST_FOUND, MOST_DOCUMENTS, MOST_TOLD = 100, 500, 100


class Trouble(Term):
    """What can be wrong with a file."""

    CHANGED = "changed", "its file is not what was received"
    MISSING = "missing", "its file is missing"
    STRANGER = "stranger", "nothing that was received names this file"


@dataclass(frozen=True)
class Seen:
    """One file that was looked at: what its rows say of it, and what is wrong with it, if anything is."""

    sha256: str
    said: tuple[str, ...]
    trouble: Trouble | None

    @property
    def words(self) -> str:
        """For whoever looks into it: of which case, who received it, and what is wrong."""
        assert self.trouble is not None
        return f"{'; '.join(self.said) or self.sha256}: {self.trouble.label}."


def columns_of_files() -> Iterator[tuple[type[Any], Any]]:
    """Every column that names a file in the store of evidence."""
    for mapper in sorted(Model.registry.mappers, key=lambda mapper: mapper.class_.__tablename__):
        if mapper.class_.__tablename__ in ELSEWHERE:
            continue
        for column in mapper.local_table.columns:
            if column.name.endswith("sha256"):
                yield mapper.class_, column


def named(session: Session, stretch: str = "") -> Iterator[str]:
    """The hashes that rows name and that begin with these digits. One may come more than once."""
    for _kind, column in columns_of_files():
        asked = select(column).where(column.is_not(None), column.startswith(stretch))
        yield from session.scalars(asked.execution_options(yield_per=1000))


def verify(anew: Callable[[], Session], files: Files) -> Iterator[Seen]:
    """Every file that rows name or that lies in the store, each hashed again.

    Each stretch is read in a session of its own, as hashing may take hours in which files are received.
    """
    for stretch in STRETCHES:
        yield from look_at(anew(), files, stretch)
    for stray in files.strays():
        yield Seen(stray, (), Trouble.STRANGER)


def look_at(session: Session, files: Files, stretch: str) -> Iterator[Seen]:
    """What is named and what is stored in that stretch. A file is stored before its row is, so one that has
    just come may be a stranger for a moment, and is said to have just come.
    """
    stored = dict(files.listed(stretch))
    owners = _owners(session, stretch)
    for sha256 in sorted(owners):
        yield Seen(sha256, tuple(owners[sha256]), trouble_with(files, sha256))
    for stranger in sorted(set(stored) - set(owners)):
        has_just_come = clock.wall() - stored[stranger] < ENTERING
        yield Seen(stranger, (f"{stranger}, which has just come",) * has_just_come, Trouble.STRANGER)


def trouble_with(files: Files, sha256: str) -> Trouble | None:
    found = files.digest(sha256)
    if found is None:
        return Trouble.MISSING
    return None if found == sha256 else Trouble.CHANGED


def _owners(session: Session, stretch: str) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = defaultdict(list)
    for kind, column in columns_of_files():
        rows = select(kind).where(column.startswith(stretch)).order_by(kind.id)
        for row in session.scalars(rows):
            owners[getattr(row, column.key)].append(_said_of(row))
    return owners


def _said_of(row: Any) -> str:
    """Of which case or complaint a row is, what it is called and who received it, as far as it knows."""
    whose = getattr(row, "case", None) or getattr(row, "complaint", None)
    document = getattr(row, "document", None)
    if whose is None and document is not None:
        return f"{_said_of(document)}, {row.__tablename__} {row.id}"
    called = getattr(row, "title", None) or getattr(row, "filename", None) or f"{row.__tablename__} {row.id}"
    words = f"{whose.reference if whose else row.__tablename__}, “{called}”"
    if key := getattr(row, "key", None):
        words += f" ({key})"
    if receiver := getattr(row, "added_by", None):
        words += f", received by {receiver.name}"
    return words


def to_check(session: Session, *, before: datetime, most: int) -> Sequence[str]:
    """The files to be hashed again: those that never were, then those that were not since; the oldest first."""
    names: dict[str, None] = {}
    for kind, column in columns_of_files():
        never = select(column).where(column.is_not(None), ~exists().where(FileCheck.name == column))
        names |= dict.fromkeys(session.scalars(never.order_by(kind.id).limit(most - len(names))))
    is_named = or_(*(exists().where(column == FileCheck.name) for _kind, column in columns_of_files()))
    since = select(FileCheck.name).where(FileCheck.checked_at < before, is_named)
    names |= dict.fromkeys(session.scalars(since.order_by(FileCheck.checked_at).limit(most - len(names))))
    return list(names)


def who_settles(session: Session) -> Sequence[Account]:
    """Who is told of a file that is not what was received, and can say what was done."""
    able = select(Account).where(
        Account.is_active, policy.holders(Permission.INTEGRITY_SETTLE, clock.today())
    )
    return session.scalars(able.order_by(Account.id).limit(MOST_TOLD)).all()


def found(session: Session) -> Sequence[FileCheck]:
    """What was found wrong and nobody has said what was done about, the first found first."""
    waiting = select(FileCheck).where(FileCheck.found_at.is_not(None), FileCheck.settled_at.is_(None))
    return session.scalars(waiting.order_by(FileCheck.found_at, FileCheck.id).limit(MOST_FOUND)).all()


def called(check: FileCheck) -> str:
    """A file in a few words: the first figures of its hash, and what it was found to be."""
    return f"{check.name[:16]}: {check.outcome.label}"


def told(session: Session, account: Account, found: Mapping[str, FileCheck]) -> dict[str, Any]:
    """How far the nightly check is, what was settled last, and of what was found, the documents
    that this person may know of, by the name of the file.
    """
    documents: dict[str, list[Document]] = defaultdict(list)
    names = [check.name for check in found.values()]
    theirs = policy.visible_complaints(account).with_only_columns(Complaint.id)
    known = select(Document).join(Document.case).where(Document.sha256.in_(names))
    known = known.where(Case.complaint_id.in_(theirs)).order_by(Document.id).limit(MOST_DOCUMENTS)
    if policy.may(account, Permission.DOCUMENT_READ):
        for document in session.scalars(known):
            documents[document.sha256].append(document)
    settled = select(FileCheck).where(FileCheck.settled_at.is_not(None))
    settled = settled.options(joinedload(FileCheck.settled_by)).order_by(FileCheck.settled_at.desc())
    counted = select(func.count(), func.min(FileCheck.checked_at))
    number, oldest = session.execute(counted.where(FileCheck.outcome != Outcome.STRANGER)).one()
    return {
        "found": list(found.values()),
        "documents": documents,
        "settled": session.scalars(settled.limit(MOST_FOUND)).all(),
        "number": number,
        "oldest": oldest,
    }
