"""A case's evidence as a bag that anybody can check without us: BagIt, RFC 8493.

Originals byte for byte, a list of them to read, and what the record tells of the case. The manifest holds
the SHA-256 of each, and the tag manifest that of the manifest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.audit.record import record
from app.cases.models import Case
from app.complaints.models import Complaint
from app.core import clock
from app.core.errors import NotFound, RuleBroken
from app.core.files import PIECE, Files
from app.core.references import read_reference
from app.evidence.models import Document
from app.integrity.events import EvidenceBagged

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
COLUMNS = (
    "No.", "Title", "File", "From", "By", "Delivery", "Received", "Dated", "Pages", "Version", "Withdrawn", "Bytes",
    "SHA-256", "Bears upon",
)  # fmt: skip
#: A file's own name as any system can have it, shortened from its front, so that its ending stays.
LONGEST_NAME = 80


def write(
    session: Session, reference: str, files: Files, folder: Path, *, actor: Account | None, office: str
) -> int:
    """Write the bag into an empty folder, and record that it was made. Returns how many originals it holds.

    Raises `RuleBroken` if one of them is not what was received: a bag vouches for what is in it.
    """
    documents = _documents(session, reference)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise RuleBroken(f"{folder} is not empty. Name a folder that is empty, or that is not there yet.")
    (folder / "data" / "originals").mkdir(parents=True)
    payload = {_place(number, document): document for number, document in enumerate(documents, 1)}
    for place, document in payload.items():
        _copy(files, document, folder / place)
    case = documents[0].case
    _write(folder / "data" / "evidence.html", _listed(case, payload))
    _write(folder / "data" / "record.json", json.dumps(list(_story(session, case)), indent=1))
    _write(folder / "bagit.txt", DECLARATION)
    _write(folder / "bag-info.txt", "".join(_about(case, folder / "data", office)))
    manifest = _manifest(folder, sorted(path for path in (folder / "data").rglob("*") if path.is_file()))
    _write(folder / "manifest-sha256.txt", manifest)
    tags = sorted(path for path in folder.iterdir() if path.is_file())
    _write(folder / "tagmanifest-sha256.txt", _manifest(folder, tags))
    seal = hashlib.sha256(manifest.encode()).hexdigest()
    event = EvidenceBagged(documents=len(documents), manifest_sha256=seal)
    record(session, event, actor=actor, complaint=case.complaint)
    return len(documents)


def _documents(session: Session, reference: str) -> Sequence[Document]:
    theirs = select(Document).join(Document.case).join(Case.complaint).order_by(Document.id)
    documents = session.scalars(theirs.where(Complaint.reference == read_reference(reference))).all()
    if not documents:
        raise NotFound(f"There is no case {reference} with evidence. Look the reference up again.")
    return documents


def _place(number: int, document: Document) -> str:
    """Its place in the bag: a number before the name, as two documents may have one name."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", document.filename)[-LONGEST_NAME:].strip("-") or "unnamed"
    return f"data/originals/{number:04d}-{name}"


def _copy(files: Files, document: Document, place: Path) -> None:
    digest = hashlib.sha256()
    try:
        with files.open(document.sha256) as stream, place.open("xb") as copy:
            while piece := stream.read(PIECE):
                digest.update(piece)
                copy.write(piece)
    except FileNotFoundError:
        raise _unfit(document) from None
    if digest.hexdigest() != document.sha256:
        raise _unfit(document)


def _unfit(document: Document) -> RuleBroken:
    return RuleBroken(
        f"“{document.title}” is no longer what was received. Run flask evidence verify, and see docs/backups.md."
    )


def _about(case: Case, data: Path, office: str) -> Iterator[str]:
    sizes = [path.stat().st_size for path in data.rglob("*") if path.is_file()]
    yield f"Source-Organization: {' '.join(office.split())}\n"
    yield f"External-Identifier: {case.reference}\n"
    yield f"Bagging-Date: {clock.today().isoformat()}\n"
    yield f"Payload-Oxum: {sum(sizes)}.{len(sizes)}\n"


def _listed(case: Case, payload: dict[str, Document]) -> str:
    """The list of evidence, for people: one page that needs nothing else."""
    numbers = {document.id: number for number, document in enumerate(payload.values(), 1)}
    bearing = _bearing(case)
    rows = [_row(numbers, place, document, bearing) for place, document in payload.items()]
    rows += [_of_no_document(words) for words in bearing[None]]
    title = escape(f"Evidence in case {case.reference}, {clock.today():%-d %B %Y}")
    lines = "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    heads = "".join(f'<th scope="col">{head}</th>' for head in COLUMNS)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title}</h1>\n<table border>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n"
        "</table></body></html>\n"
    )


def _bearing(case: Case) -> Mapping[int | None, list[str]]:
    """What is linked to the allegations, in words, by the document in which it is to be read; None: in none."""
    told = defaultdict[int | None, list[str]](list)
    for allegation in case.complaint.allegations:
        for link in allegation.links:
            of = f"{link.called}: " if link.timeline_row else ""
            page = f", {link.at}" if link.page else ""
            back = f" (taken back: {link.struck_because})" if link.struck_at else ""
            weight = f"{link.weight.label}, because: {link.reason or 'not said'}"
            words = f"{of}allegation {allegation.number}{page}: {link.note} {weight}{back}"
            told[link.rests_in.id if link.rests_in else None].append(words)
    return told


def _of_no_document(words: str) -> tuple[str, ...]:
    """A line of the list for a linked row of the timeline that has no source."""
    return (*([""] * (len(COLUMNS) - 1)), words)


def _row(
    numbers: Mapping[int, int], place: str, document: Document, bearing: Mapping[int | None, list[str]]
) -> tuple[str, ...]:
    """What is known of one document. `numbers` says under which number each stands in the list."""
    body = document.supplied_by_organisation
    return (
        str(numbers[document.id]),
        document.title,
        place.removeprefix("data/"),
        body.name if body else document.supplier.label,
        document.way.label if document.way else "",
        document.delivery.label if document.delivery else "",
        document.supplied_on.isoformat(),
        document.document_on.isoformat() if document.document_on else "",
        str(document.pages or ""),
        _version(numbers, document),
        _withdrawn(document),
        str(document.size),
        document.sha256,
        "; ".join(bearing.get(document.id, [])),
    )


def _version(numbers: Mapping[int, int], document: Document) -> str:
    """What it is to the one it follows, and which follow it. All of them are in the bag."""
    told = []
    if document.follows_id is not None and document.following is not None:
        told.append(f"{document.following.label}: no. {numbers[document.follows_id]}")
    told += [f"followed by no. {numbers[later.id]}" for later in document.followed_by]
    return "; ".join(told)


def _withdrawn(document: Document) -> str:
    if document.withdrawn_at is None:
        return ""
    return f"{clock.day_of(document.withdrawn_at).isoformat()}: {document.withdrawn_because}"


def _story(session: Session, case: Case) -> Iterator[dict[str, Any]]:
    """What the record tells of the case, each entry with its links to the entries before and after."""
    theirs = select(AuditEntry).where(AuditEntry.complaint_id == case.complaint_id)
    theirs = theirs.options(joinedload(AuditEntry.actor), joinedload(AuditEntry.particulars))
    for entry in session.scalars(theirs.order_by(AuditEntry.number)):
        yield {
            "number": entry.number,
            "occurred_at": entry.occurred_at.isoformat(),
            "event": entry.event,
            "actor": entry.actor.name if entry.actor else None,
            "detail": entry.detail,
            "previous_hash": entry.previous_hash,
            "hash": entry.hash,
        }


def _manifest(folder: Path, paths: Sequence[Path]) -> str:
    """A line for each file: its hash, and its place, which has none of the characters that would need encoding."""
    return "".join(f"{_hash_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, words: str) -> None:
    path.write_text(words, encoding="utf-8", newline="\n")
