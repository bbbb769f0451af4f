"""Offices of thousands of complaints, made of copies of the forty that the demonstration office plays.

The forty come about by the product's own actions. A copy is all the rows of one of them, with ids, keys,
references, names, organisations, staff and days of its own. One complaint in ten is open. Rows are
inserted in bulk, so the links of the copies in the chain of the record are not true ones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, AccountRole, Role
from app.allegations.models import Allegation
from app.audit.models import AuditEntry, AuditHead
from app.caseload.models import NEVER, NOT_YET, Line, MarkKind, Standing
from app.cases.models import Case
from app.complaints.models import Complaint, OrganisationToMatch, Part, Party
from app.core import references
from app.core.files import Files
from app.core.text import searchable
from app.demonstration.office import fill
from app.evidence.models import Document
from app.examining.models import PageText
from app.models import Model
from app.organisations.models import Organisation, OrganisationKind, Source
from app.people.models import Person, PersonNameWord
from app.people.naming import called_by
from app.search import names
from app.search.words import name_terms_of, term_of_case, terms_of, terms_of_page
from tests.bench import intake

#: The tables with rows of one complaint, each after those its rows refer to.
TABLES: Sequence[Table] = [
    Model.metadata.tables[name]
    for name in (
        "person", "complaint", "party", "deadline", "issue", "allegation", "knowledge_date", "test_answer",
        "discretion", "initial_check", "coding", "note", "proceeding", "case_file", "stay", "mediation",
        "document", "basis", "consent", "timeline_study", "timeline_row", "evidence_link", "disclosure",
        "finding", "finding_author", "finding_evidence", "cited_standard", "provisional_views", "comment",
        "final_decision",
        "recommendation", "response", "submission", "submitted_document", "audit_entry", "audit_detail",
        "caseload_line", "caseload_mark", "search_text",
    )
]  # fmt: skip
#: The days of somebody's life are the same whenever they complain.
LASTING = frozenset({"born_on", "died_on"})
ONE_OPEN_IN, ONE_AGAINST_THE_BUSIEST_IN, COMPLAINTS_OF_AN_INVESTIGATOR = 10, 5, 500
#: Over how many days complaints were received, those that are open and those that are closed.
OPEN_SINCE, CLOSED_SINCE = 300, 3650
ORGANISATIONS = 240
#: How large the busiest case is.
ALLEGATIONS, DOCUMENTS, ENTRIES = 25, 300, 3000
#: A word that three complaints say, and one that most say.
RARE, COMMON, NOWHERE = "craniopharyngioma", "scan", "xylophone"
RARELY = 3
#: What the pages that were read say: sentences of reports, in any order.
SAID = [
    "The scan of the chest was compared with the earlier one.",
    "There is a haemorrhage in the left hemisphere.",
    "No focal lung lesion is seen.",
    "The mediastinal contours are within normal limits.",
    "A nodule of 14 mm stands in the right upper lobe.",
    "Follow-up by CT in three months is advised.",
    "The oesophagus is thickened over a short segment.",
    "There is oedema around the tumour.",
    "The report was sent to the referrer by the usual way.",
    "Nobody acknowledged the alert.",
    "Degenerative change of the spine is noted.",
    "The liver, spleen and kidneys are unremarkable.",
]
#: In how many complaints the same person is.
WRITES_OFTEN = 5_000
FIRST = [
    "Ada", "Bo", "Cai", "Dara", "Edda", "Finn", "Gwen", "Hari", "Isla", "Joss", "Kei", "Lina", "Mira", "Nils", "Odile",
    "Pia", "Rosa", "Sven", "Tove", "Una", "Vik",
]  # fmt: skip
HEADS = [
    "Ald", "Bran", "Crow", "Dun", "Elm", "Fen", "Gar", "Hol", "Ing", "Kel", "Lock", "Mar", "Nor", "Oak", "Pen", "Rav",
    "Sel", "Thorn", "Wal", "Yar",
]  # fmt: skip
TAILS = [
    "acre", "bank", "combe", "dale", "field", "gate", "ham", "hurst", "ley", "mere", "more", "ridge", "shaw", "stead",
    "ton", "vale", "wick", "wood",
]  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class Pattern:
    """One of the forty: its rows by table, and the organisations it is about by id."""

    rows: Mapping[Table, Sequence[Row]]
    about: Mapping[int, tuple[str, str]]
    is_open: bool


class Copier:
    """Makes copies, and draws what each has for its own."""

    def __init__(
        self, session: Session, staff: Sequence[int], elsewhere: Sequence[tuple[int, str, str]]
    ) -> None:
        self.chance = random.Random(1993)
        self.staff, self.elsewhere = staff, elsewhere
        self.numbers = {
            table: count((session.scalar(select(func.max(table.c.id))) or 0) + 1) for table in TABLES
        }

    def copy(self, pattern: Pattern) -> Mapping[Table, list[Row]]:
        """All rows of one more complaint like this one."""
        ids = {
            table: {row["id"]: next(self.numbers[table]) for row in pattern.rows[table]} for table in TABLES
        }
        own = self._own(pattern)
        return {table: [own.made_of(table, row, ids) for row in pattern.rows[table]] for table in TABLES}

    def _own(self, pattern: Pattern) -> Own:
        named = {row["name"]: self._name() for row in pattern.rows[TABLES[0]]}
        moved = {}
        if self.chance.randrange(ONE_AGAINST_THE_BUSIEST_IN):
            moved = dict(
                zip(pattern.about, self.chance.sample(self.elsewhere, len(pattern.about)), strict=True)
            )
        words = {pattern.about[old][0]: name for old, (_id, name, _code) in moved.items()}
        return Own(
            references.new_reference(),
            timedelta(days=self.chance.randrange(OPEN_SINCE if pattern.is_open else CLOSED_SINCE)),
            self.chance.choice(self.staff),
            named,
            {old: new[0] for old, new in moved.items()},
            {pattern.about[old][1]: code for old, (_id, _name, code) in moved.items()},
            named | words,
            self.chance,
        )

    def _name(self) -> str:
        return f"{self.chance.choice(FIRST)} {self.chance.choice(HEADS)}{self.chance.choice(TAILS)}"


@dataclass(frozen=True)
class Own:
    """What a copy has for its own."""

    reference: str
    earlier: timedelta
    owner: int
    named: Mapping[str, str]
    organisations: Mapping[int, int]
    codes: Mapping[str, str]
    words: Mapping[str, str]
    chance: random.Random

    def made_of(self, table: Table, row: Row, ids: Mapping[Table, Mapping[int, int]]) -> Row:
        """The copy's row for this row."""
        new = {name: self._value(name, value) for name, value in row.items()}
        for column in table.columns:
            if column.foreign_keys and row[column.name] is not None:
                target = next(iter(column.foreign_keys)).column.table
                given = ids.get(target) or (self.organisations if target.name == "organisation" else {})
                new[column.name] = given.get(row[column.name], row[column.name])
        new["id"] = ids[table][row["id"]]
        return new | self._of_its_own(table.name, row, new["id"])

    def _of_its_own(self, name: str, row: Row, number: int) -> Row:
        """What no two rows of this table may have in common, or what is said in it by name."""
        match name:
            case "audit_entry":
                return {"number": number, "hash": f"{self.chance.getrandbits(256):064x}"}
            case "document":
                return {"key": f"{self.chance.getrandbits(128):032x}"}
            case "person":
                return self._somebody(self.named[row["name"]], number)
            case "caseload_line":
                return {part: self._said(row[part]) for part in ("affected", "complainants", "organisations")}
            case "caseload_mark" if row["kind"] is MarkKind.ORGANISATION:
                return {"value": self.codes.get(row["value"], row["value"])}
            case "search_text":
                people = self._said(row["people"])
                return {"people": people, "name_terms": " ".join(name_terms_of(people))}
        return {}

    def _somebody(self, name: str, number: int) -> Row:
        """Particulars that no two people have in common, but for names and days of birth, which many have."""
        born = date(1930, 1, 1) + timedelta(days=self.chance.randrange(80 * 365))
        return {
            "key": f"{self.chance.getrandbits(128):032x}",
            "name": name,
            "search_name": searchable(name),
            "born_on": born,
            "nhs_number": f"{9_000_000_000 + number}",
            "email": f"p{number}@example.org",
            "search_email": f"p{number}@example.org",
            "telephone": f"07{number:09}",
            "search_telephone": f"07{number:09}",
        }

    def _value(self, name: str, value: Any) -> Any:
        if name == "reference":
            return self.reference
        if name == "owner_id" and value:
            return self.owner
        if isinstance(value, date) and name not in LASTING and value not in {NEVER, NOT_YET}:
            return value - self.earlier
        return value

    def _said(self, words: str) -> str:
        for was, is_now in self.words.items():
            words = words.replace(was, is_now)
        return words


def build(session: Session, files: Files, cases: int, *, say: Any = print) -> None:
    """Fill an empty office with as many complaints, and with one case that is larger than all others."""
    fill(session, files)
    session.commit()
    staff, elsewhere = _staff(session, cases), _organisations(session)
    patterns = list(_patterns(session))
    copier = Copier(session, staff, elsewhere)
    opened = [pattern for pattern in patterns if pattern.is_open]
    closed = [pattern for pattern in patterns if not pattern.is_open]
    there = session.scalar(select(func.count()).select_from(Complaint)) or 0
    connection = session.connection()
    with references.drawn_from(1993):
        for start in range(there, cases, 200):
            batch = [
                copier.copy(copier.chance.choice(closed if number % ONE_OPEN_IN else opened))
                for number in range(start, min(start + 200, cases))
            ]
            for table in TABLES:
                if rows := [row for copy in batch for row in copy[table]]:
                    connection.execute(insert(table), rows)
                if rows and table.name == "person":
                    connection.execute(insert(PersonNameWord), _words_of_names(rows))
            if start % 10_000 < 200:
                session.commit()
                connection = session.connection()
                say(f"  {start:,} complaints", end="\r", flush=True)
    names.learn(
        session, name_terms_of(" ".join([*FIRST, *(head + tail for head in HEADS for tail in TAILS)]))
    )
    _enlarge(session, copier)
    _let_somebody_write_often(session, copier, cases)
    intake.fill(session, cases)
    _finish(session)
    session.commit()
    _have_read(session, cases)
    _say_the_rare_word(session)
    session.commit()


def _staff(session: Session, cases: int) -> list[int]:
    """Investigators, as many as so large an office has; their ids, with that of the one who signs in."""
    for number in range(cases // COMPLAINTS_OF_AN_INVESTIGATOR):
        held = [AccountRole(role=Role.INVESTIGATOR)]
        email, team = f"investigator{number}@office.example", f"Team {number % 20}"
        session.add(
            Account(email=email, name=f"Investigator {number}", password_hash="none", held=held, team=team)
        )
    session.commit()
    able = select(AccountRole.account_id).where(AccountRole.role == Role.INVESTIGATOR)
    return list(session.scalars(able))


def _organisations(session: Session) -> list[tuple[int, str, str]]:
    for number in range(ORGANISATIONS):
        name = f"{HEADS[number % 20]}{TAILS[number // 20]} Hospitals NHS Trust"
        session.add(
            Organisation(
                code=f"X-BNCH{references.ALPHABET[number // 29]}{references.ALPHABET[number % 29]}",
                name=name,
                search_name=searchable(name),
                kind=OrganisationKind.NHS_TRUST,
                source=Source.BY_HAND,
            )
        )
    session.commit()
    made = select(Organisation.id, Organisation.name, Organisation.code)
    return [tuple(row) for row in session.execute(made.where(Organisation.code.startswith("X-BNCH")))]  # type: ignore[misc]


def _patterns(session: Session) -> Iterator[Pattern]:
    """The complaints that can be copied: those whose rows tell of no other complaint, and of no file."""
    others = select(OrganisationToMatch.complaint_id).union(
        select(Complaint.id).where(Complaint.source.is_not(None)),
        select(Case.complaint_id).where(Case.duplicate_of_id.is_not(None)),
    )
    for line in session.scalars(select(Line).where(Line.complaint_id.not_in(others)).order_by(Line.id)).all():
        rows = _rows_of(session.connection(), line.complaint_id)
        wanted = select(Organisation.id, Organisation.name, Organisation.code)
        mine = select(Allegation.organisation_id).where(Allegation.complaint_id == line.complaint_id)
        about = {
            key: (name, code) for key, name, code in session.execute(wanted.where(Organisation.id.in_(mine)))
        }
        yield Pattern(rows, about, line.is_open)


def _rows_of(connection: Connection, complaint_id: int) -> Mapping[Table, Sequence[Row]]:
    """The rows of a complaint: those that refer to it, and those that refer to these."""
    found: dict[Table, list[Row]] = {}
    for table in TABLES:
        ways = [
            column.in_([row["id"] for row in found[target]])
            for column in table.columns
            for target in (next(iter(key.column.table for key in column.foreign_keys), None),)
            if target in found and target.name != "person"
        ]
        if table.name == "complaint":
            ways = [table.c.id == complaint_id]
        if table.name == "person":
            party = Model.metadata.tables["party"]
            ways = [table.c.id.in_(select(party.c.person_id).where(party.c.complaint_id == complaint_id))]
        rows = connection.execute(select(table).where(ways[0]).order_by(table.c.id)).mappings()
        found[table] = [dict(row) for row in rows]
    return found


def _words_of_names(people: Sequence[Row]) -> Sequence[Row]:
    return [{"person_id": row["id"], "word": word} for row in people for word in called_by(row["name"])]


def _enlarge(session: Session, copier: Copier) -> None:
    """Let one open case be larger than any office has seen: more allegations, documents and entries."""
    rows = {
        table.name: found
        for table, found in _rows_of(session.connection(), busiest(session).complaint_id).items()
    }

    def more(name: str, row: Row, **own: Any) -> int:
        table = Model.metadata.tables[name]
        new = row | {"id": next(copier.numbers[table])} | own
        if name == "audit_entry":
            new["number"] = new["id"]
        session.execute(insert(table).values(**new))
        return int(new["id"])

    for number in range(100, 100 + ALLEGATIONS):
        _allege(rows, number, more)
    for _ in range(DOCUMENTS):
        more("document", rows["document"][0], key=f"{copier.chance.getrandbits(128):032x}")
    for number in range(ENTRIES):
        entry = rows["audit_entry"][number % len(rows["audit_entry"])]
        [detail] = [row for row in rows["audit_detail"] if row["entry_id"] == entry["id"]]
        made = more("audit_entry", entry, hash=f"{copier.chance.getrandbits(256):064x}")
        more("audit_detail", detail, entry_id=made)


def _allege(rows: Mapping[str, Sequence[Row]], number: int, more: Callable[..., int]) -> None:
    """One more allegation like the first of a case, on an issue of its own, with its check and its codes."""
    first = rows["allegation"][0]
    issue = more("issue", rows["issue"][0], number=number)
    allegation = more("allegation", first, number=number, issue_id=issue)
    for name in ("initial_check", "coding", "finding"):
        for row in rows[name]:
            if row["allegation_id"] == first["id"]:
                made = more(name, row, allegation_id=allegation)
    for name in ("cited_standard", "finding_evidence"):
        for row in [row for row in rows[name] if row["finding_id"] == rows["finding"][0]["id"]]:
            more(name, row, finding_id=made)


def _let_somebody_write_often(session: Session, copier: Copier, cases: int) -> None:
    """Let the person of the highest id be something in more complaints than anybody else."""
    person, party = Model.metadata.tables["person"], Model.metadata.tables["party"]
    last = session.execute(select(person).order_by(person.c.id.desc()).limit(1)).mappings().one()
    theirs = select(party.c.complaint_id).where(party.c.person_id == last["id"])
    others = select(Complaint.id).where(Complaint.id.not_in(theirs)).order_by(Complaint.id)
    rows = [
        {
            "id": next(copier.numbers[party]),
            "complaint_id": complaint_id,
            "person_id": last["id"],
            "part": Part.MP,
            "basis": "",
            "created_at": last["created_at"],
        }
        for complaint_id in session.scalars(others.limit(min(WRITES_OFTEN, cases // 2)))
    ]
    session.execute(insert(party), rows)


def writes_often(session: Session) -> Person:
    """Whoever is something in thousands of complaints."""
    most = select(Party.person_id).group_by(Party.person_id).order_by(func.count().desc()).limit(1)
    return session.scalars(select(Person).where(Person.id == most.scalar_subquery())).one()


def busiest(session: Session) -> Line:
    """The line of the case that is enlarged: the first whose provisional views are with the parties."""
    wanted = Line.standing == Standing.PROVISIONAL_VIEWS
    return session.scalars(select(Line).where(wanted).order_by(Line.complaint_id).limit(1)).one()


def _finish(session: Session) -> None:
    """Let the record go on after the last entry, and numbers after the last row."""
    length = session.scalar(select(func.max(AuditEntry.number)))
    last = select(AuditEntry.hash).where(AuditEntry.number == length).scalar_subquery()
    session.execute(update(AuditHead).values(length=length, hash=last))
    if session.get_bind().dialect.name == "postgresql":
        grown = [Model.metadata.tables[name] for name in ("enquiry", "alert", "concern")]
        for table in [*TABLES, *grown]:
            session.execute(
                select(func.setval(func.pg_get_serial_sequence(table.name, "id"), func.max(table.c.id)))
            )


def _have_read(session: Session, texts: int) -> None:
    """Let as many pages have been read as the office has complaints: half of them in the largest case."""
    table, chance = PageText.__table__, random.Random(1993)
    said = [" ".join(chance.choices(SAID, k=40)) for _ in range(500)]
    terms = [terms_of_page(words, 0).partition(" ")[2] for words in said]
    largest = select(Case.id).where(Case.complaint_id == busiest(session).complaint_id).scalar_subquery()
    documents = select(Document.id, Document.case_id)
    inside = session.execute(documents.where(Document.case_id == largest).order_by(Document.id)).all()
    outside = session.execute(documents.where(Document.case_id != largest).order_by(Document.id)).all()
    session.execute(delete(PageText))

    def page(number: int) -> Row:
        theirs = inside if number % 2 else outside
        document_id, case_id = theirs[number // 2 % len(theirs)]
        which = chance.randrange(len(said))
        rarely = number >= texts - RARELY
        return {
            "document_id": document_id,
            "page": number // 2 // len(theirs) + 1,
            "words": f"{said[which]} {RARE}" if rarely else said[which],
            "terms": f"{term_of_case(case_id)} {terms[which]}{f' {terms_of(RARE)[0]}' if rarely else ''}",
        }

    for start in range(0, texts, 5_000):
        session.execute(insert(table), [page(number) for number in range(start, min(start + 5_000, texts))])
        session.commit()


def _say_the_rare_word(session: Session) -> None:
    """Let a few complaints say a word that no other says."""
    for complaint in session.scalars(select(Complaint).order_by(Complaint.id.desc()).limit(RARELY)):
        complaint.narrative += f" They spoke of a {RARE}."
