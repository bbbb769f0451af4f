"""`make bench`: builds the offices, serves them, measures, prints a table and writes `DATA_DIR/bench.json`.

CASES and DATABASE choose a part: `make bench CASES=10000 DATABASE=sqlite`. Fails where a page breaks the budget.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence

from sqlalchemy import select

from app import create_app
from app.accounts.models import Account
from app.caseload.models import Line
from app.cli.database import alembic_config
from app.core.references import new_key
from app.database import db
from app.demonstration.office import PASSWORD
from app.organisations.models import Organisation
from config import Config, Office
from tests.bench import evidence, intake, measure, office
from tests.bench.measure import Figures, Page
from tests.bench.serving import DATA_DIR, FOLDER, address_of, folder_of, served, settings

SIZES, DATABASES = (1_000, 10_000, 100_000), ("sqlite", "postgresql")
INVESTIGATOR, MANAGER = "investigator@office.example", "manager@office.example"
CASEWORKER, LIAISON = "caseworker@office.example", "liaison@eastmarch.example"
#: The page budget. Ratios are to the median of the plain page of the same run.
ORDINARY, BUSIEST, TAIL, STATEMENTS, BYTES, MEMORY, GROWTH = 6, 10, 2.5, 15, 60 * 1024, 300, 1.3
#: The form to log a complaint, sent, and back with everybody it may be.
DOUBLES = 10
BASELINE = "plain page"


def main() -> int:
    sizes = [int(size) for size in os.environ.get("CASES", "").split()] or list(SIZES)
    databases = os.environ.get("DATABASE", "").split() or list(DATABASES)
    measured: dict[tuple[str, int], dict[str, Figures]] = {}
    broken: list[str] = []
    for database in databases:
        for cases in sizes:
            with address_of(database, f"{cases}") as url:
                pages = prepared(url, cases)
                with served(url, f"{cases}") as (port, pid):
                    figures = measure.measure(port, pages, PASSWORD)
                    memory = measure.resident(list(measure.workers_of(pid)))
            measured[database, cases] = figures
            broken += told(database, cases, pages, figures, memory)
    for database in databases:
        broken += evidence.measured(database)
    broken += grown(measured)
    kept(measured)
    print("\nWithin the budget." if not broken else "\n".join(["\nBeyond the budget:", *broken]))
    return bool(broken)


def prepared(url: str, cases: int) -> Sequence[Page]:
    """Build the office unless it stands, and say which of its pages are measured."""
    from alembic import command

    app = create_app(
        Config(OFFICE=Office.TRIAL, DATA_DIR=folder_of(f"{cases}"), DATABASE_URL=url, **settings())
    )
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        if not is_whole(cases):
            print(f"Building an office of {cases:,} complaints on {url.partition(':')[0]}")
            start = time.monotonic()
            with db.sessionmaker() as session:
                office.build(session, app.extensions["files"], cases)
                session.add(Account(email=BUILT, name="Built", password_hash="none"))
                session.commit()
            tidy()
            print(f"  built in {time.monotonic() - start:.0f} s")
        pages = list(pages_of())
        db.close()
        db.dispose()
    return pages


#: An account that nobody uses says that an office was built to the end.
BUILT = "built@office.example"


def is_whole(cases: int) -> bool:
    there = db.session.scalar(select(Account.id).where(Account.email == BUILT)) is not None
    some = db.session.scalar(select(Account.id).limit(1)) is not None
    db.close()
    if some and not there:
        sys.exit(f"The office of {cases:,} in {FOLDER} was not built to the end. Remove it and start again.")
    return there


def tidy() -> None:
    """What the database does by itself in time."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def pages_of() -> Iterator[Page]:
    busiest = office.busiest(db.session)
    ordinary = db.session.scalars(
        select(Line)
        .where(Line.standing == "detailed_investigation")
        .order_by(Line.complaint_id.desc())
        .limit(1)
    ).one()
    trust = select(Organisation.code).where(Organisation.name.startswith("Eastmarch"))
    code = db.session.scalars(trust.order_by(Organisation.id).limit(1)).one()
    listed = {
        "list: all": "",
        "list: mine": "?open=yes&owner=me&sort=due",
        "list: my team": "?open=yes&owner=my-team&sort=due",
        "list: to be checked": "?standing=initial_check&sort=oldest",
        "list: not allocated": "?open=yes&case=yes&owner=nobody&sort=oldest",
        "list: overdue": "?overdue=yes&sort=due",
        "list: cases": "?case=yes",
        "list: one organisation": f"?organisation={code}",
        "list: failure code": "?code=J1",
        "list: step, CT, not closed": "?step=J&modality=CT&standing=closed&except=standing",
        "list: outcome, by decision": "?outcome=upheld&sort=decided",
        "list: received in a month": "?received-from=2024-03-01&received-to=2024-03-31",
    }
    yield Page(BASELINE, "/baseline", "")
    yield Page("my work", "/", INVESTIGATOR)
    for name, query in listed.items():
        yield Page(name, f"/caseload/{query}", INVESTIGATOR)
    yield Page("search: rare word", f"/search?words={office.RARE}", INVESTIGATOR)
    yield Page("search: common word", f"/search?words={office.COMMON}", INVESTIGATOR)
    yield Page("search: two words", f"/search?words={office.COMMON}+lung", INVESTIGATOR)
    yield Page("search: nothing", f"/search?words={office.NOWHERE}", INVESTIGATOR)
    yield Page("search: misspelt name", "/search?words=Fenhurrst", INVESTIGATOR)
    read = "/evidence/words?words="
    yield Page("evidence: rare word", f"{read}{office.RARE}", INVESTIGATOR)
    yield Page("evidence: common word", f"{read}{office.COMMON}", INVESTIGATOR)
    yield Page("evidence: two words, American", f"{read}hemorrhage+tumor", INVESTIGATOR)
    yield Page("evidence: nothing", f"{read}{office.NOWHERE}", INVESTIGATOR)
    for name, of in ("the largest case", busiest), ("a case", ordinary):
        inside = f"/cases/{of.reference}/evidence/words?words={office.COMMON}"
        yield Page(f"evidence of {name}", inside, INVESTIGATOR)
    yield Page("evidence and allegations", f"/cases/{busiest.reference}/evidence/table", INVESTIGATOR)
    yield Page("case", f"/cases/{ordinary.reference}", INVESTIGATOR)
    yield Page("case: the busiest", f"/cases/{busiest.reference}", INVESTIGATOR, ratio=BUSIEST)
    yield Page("organisation: the busiest", f"/organisations/{code}", INVESTIGATOR)
    yield Page("recommendations: overdue", "/recommendations/?show=overdue", MANAGER)
    yield Page("the trust's list", "/trust/", LIAISON)
    # What writes is held to its growth alone: it keeps the record, the line, the index and a receipt too
    yield Page("creating a complaint", "/complaints/new", CASEWORKER, fields=a_complaint)
    often = office.writes_often(db.session)
    yield Page("person: the busiest", f"/people/{often.key}", CASEWORKER)
    known = {"email": often.email, "telephone": often.telephone, "nhs_number": often.nhs_number}
    known |= {f"born_on-{part}": f"{getattr(often.born_on, part)}" for part in ("day", "month", "year")}

    def somebody_known(turn: str) -> dict[str, str]:
        undecided = {name: answer for name, answer in a_complaint(turn).items() if name not in DECIDED}
        return undecided | known | {"name": often.name}

    checked = {"fields": somebody_known, "comes_back": True, "ratio": DOUBLES}
    yield Page("duplicate check", "/complaints/new", CASEWORKER, **checked)
    yield from intake.pages(db.session)


#: That what is logged is new, whoever and whatever is like it.
DECIDED = {"complainant_is": "new", "same_as": "none", "contact_is": "none"}
MARCH_THE_2ND = {"day": 2, "month": 3, "year": 2026}


def a_complaint(turn: str) -> dict[str, str]:
    """What a caseworker types to log a complaint."""
    return {
        "submission": new_key(),
        "channel": "email",
        **{
            f"{day}-{part}": str(n) for day in ("received_on", "made_on") for part, n in MARCH_THE_2ND.items()
        },
        **DECIDED,
        "name": f"Pia Fenwick {turn}",
        "about": "themselves",
        "narrative": "They say that the scan was reported late and that nobody rang.",
        "wanted": "An apology.",
    }


def told(
    database: str, cases: int, pages: Sequence[Page], figures: dict[str, Figures], memory: float
) -> list[str]:
    """Print the table of one office; what of it is beyond the budget."""
    plain, broken = figures[BASELINE].median, []
    print(f"\n{cases:,} complaints on {database}; the plain page takes {plain:.2f} ms")
    print(f"  {'page':<28}{'median':>9}{'ratio':>7}{'p95':>9}{'statements':>12}{'KB':>7}")
    for page in pages:
        one = figures[page.name]
        wrong = []
        if page.name != BASELINE and (page.comes_back or not page.fields):
            wrong = [
                what
                for what, is_beyond in (
                    (f"{one.median / plain:.1f} plain pages", one.median > page.ratio * plain),
                    (f"p95 {one.p95 / one.median:.1f} medians", one.p95 > TAIL * one.median),
                    (f"{one.statements} statements", one.statements > STATEMENTS),
                    (f"{one.size / 1024:.0f} KB", one.size > BYTES),
                )
                if is_beyond
            ]
        print(
            f"  {page.name:<28}{one.median:>9.2f}{one.median / plain:>7.1f}{one.p95:>9.2f}"
            f"{one.statements:>12}{one.size / 1024:>7.1f}{'  <- ' + ', '.join(wrong) if wrong else ''}"
        )
        broken += [f"{database}, {cases:,}, {page.name}: {what}" for what in wrong]
    print(f"  two workers hold {memory:.0f} MB")
    return broken + ([f"{database}, {cases:,}: {memory:.0f} MB"] if memory > MEMORY else [])


def grown(measured: dict[tuple[str, int], dict[str, Figures]]) -> list[str]:
    """What grew from the middle office to the large one by more than the budget, in plain pages of each run."""
    broken = []
    for database in DATABASES:
        small, large = measured.get((database, SIZES[1])), measured.get((database, SIZES[2]))
        if not small or not large:
            continue
        print(f"\nFrom {SIZES[1]:,} to {SIZES[2]:,} on {database}")
        for name in small:
            growth = (
                large[name].median / small[name].median / (large[BASELINE].median / small[BASELINE].median)
            )
            print(f"  {name:<28}{growth:>7.2f}{'  <-' if growth > GROWTH else ''}")
            if growth > GROWTH:
                broken.append(f"{database}, {name}: grows {growth:.2f} times")
    return broken


def kept(measured: dict[tuple[str, int], dict[str, Figures]]) -> None:
    """Write the figures, in place of those of the same office before."""
    place = DATA_DIR / "bench.json"
    before = json.loads(place.read_text()) if place.exists() else []
    rows = [row for row in before if (row["database"], row["cases"]) not in measured]
    for (database, cases), figures in measured.items():
        rows += [
            {
                "database": database,
                "cases": cases,
                "page": name,
                "median_ms": round(one.median, 3),
                "p95_ms": round(one.p95, 3),
                "statements": one.statements,
                "bytes": one.size,
                "baseline_median_ms": round(figures[BASELINE].median, 3),
            }
            for name, one in figures.items()
        ]
    place.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
