"""Whatever is sent to a form or an address: never a failure of ours, and a refusal changes nothing."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote_from_bytes

import pytest
from flask import got_request_exception
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account, Role
from app.complaints.models import Complaint, OrganisationToMatch
from app.core import clock, references
from app.core.text import clean
from app.evidence.models import Disclosure, Document
from app.models import Model
from app.organisations.models import Organisation
from app.people.models import Person
from app.people.nhs_number import tidy
from app.policy import GRANTS, Permission
from app.recommendations.models import Recommendation
from app.web.forms import CaseworkForm, Part
from tests.web import DRAWN, WHO, Form, Visitor, number_from_the_start, rows, undone

SEED = 1993
INPUTS = Path(__file__).parents[3] / "shared" / "data" / "synthetic_inputs"

#: What is put into a field, by what it is.
BAD = {
    "nothing": b"",
    "blanks": b" \t\r\n ",
    "NUL": b"\x00",
    "NUL within": b"A\x00B\x1b[31m\x7f",
    "a lone surrogate": b"A\xed\xa0\x80B\xed\xbf\xbf",
    "bytes that are no text": b"\xff\xfe\xc0\xaf\x80",
    "emoji": "👩🏽‍⚕️🏴󠁧󠁢󠁥󠁮󠁧󠁿".encode() * 9,
    "right to left": "\u202e\u200fمحمد العلي\u202c\u2066".encode(),
    "one letter, many marks": b"Z" + "\u0351\u0363".encode() * 99,
    "what grows when composed": "\ufdfa\u0958\ufb2c\u1d160".encode() * 25,
    "a huge number": b"9" * 30,
    "a number of 5,000 figures": b"9" * 5000,
    "5,000 hours": b"9" * 5000 + b":00",
    "below nought": b"-2147483649",
    "beyond a column": b"9223372036854775808",
    "no number": b"NaN",
    "other figures": "٣²１Ⅻ".encode(),
    "the year nought": b"0000",
    "the year 9999": b"9999",
    "SQL": b"' OR 1=1; --",
    "wildcards": b"%_\\%[a-z]*",
    "markup": b"</textarea><script>alert(1)</script>{{7*7}}{% raw %}",
    "a path": b"../../../../etc/passwd",
    "a list": b'["a", {"b": null}]',
}
MEGABYTE = b"Wort " * 200_000


def fields_known() -> set[str]:
    """Every name a field of any form has, as it is sent."""
    names, waiting = set(), [CaseworkForm, Part]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        for name in dir(kind):
            unbound = getattr(kind, name, None)
            if hasattr(unbound, "field_class"):
                day = unbound.field_class.__name__ == "DayField"
                names |= {f"{name}-{part}" for part in ("day", "month", "year")} if day else {name}
    return names


def columns_known() -> set[str]:
    return {column.name for table in Model.metadata.sorted_tables for column in table.columns}


class Doors:
    """Every form of the service, each with somebody who may send it and a record it can be sent for."""

    def __init__(self, app, connection) -> None:
        self.app, self.connection = app, connection
        self.visitors = {email: Visitor(app, email) for emails in WHO.values() for email in emails}
        self.records = list(self._records())
        # The mark on a route is read from the view itself, so a new route is tried unasked.
        self.rules = [
            rule
            for rule in app.url_map.iter_rules()
            if "POST" in rule.methods and rule.endpoint not in {"static", "accounts.sign_in"}
        ]

    #: What was found once holds for the other tests: each is undone.
    found: ClassVar[dict[str, tuple]] = {}

    def __iter__(self):
        for rule in sorted(self.rules, key=lambda rule: rule.endpoint):
            if rule.endpoint not in self.found:
                visitor, *form = self._best(rule)
                self.found[rule.endpoint] = visitor.email, *form
            email, *form = self.found[rule.endpoint]
            yield rule.endpoint, self.visitors[email], *form

    def _best(self, rule):
        """The first way in whose form is accepted when filled in sensibly, else the first that is drawn."""
        drawn, tries = None, 0
        for visitor, path in self._ways(rule):
            page = visitor.open(path) if "GET" in rule.methods else None
            if page is not None and page.status_code != 200:
                continue
            form = Form(page.text if page else "")
            fields = [(name, value) for name, value in form.fields if name != "csrf_token"]
            files = [(name, "a.txt", b"Words") for name in form.files]
            drawn, tries = drawn or (visitor, path, fields, files), tries + 1
            with undone(self.connection):
                if sent(visitor, path, fields, files).status_code == 302:
                    return visitor, path, fields, files
            if tries == ENOUGH:
                break
        assert drawn, f"{rule.endpoint} is never drawn in the demonstration office"
        return drawn

    def _ways(self, rule):
        """Every address of the form with everybody who may send it."""
        access = self.app.view_functions[rule.endpoint].access
        roles = [r for r in Role if not isinstance(access, Permission) or access in GRANTS[r]]
        visitors = [self.visitors[email] for role in roles for email in WHO[role]]
        tried = set()
        for record in self.records:
            if not rule.arguments <= set(record):
                continue
            path = rule.build({name: record[name] for name in rule.arguments})[1]
            if record.get("organisation") and rule.endpoint in CHOSEN:
                path += f"?organisation={record['organisation']}"
            if path in tried:
                continue
            tried.add(path)
            yield from ((visitor, path) for visitor in visitors)

    def _records(self):
        """What may stand in an address, the rarest first."""
        with Session(self.connection, join_transaction_mode="create_savepoint") as session:
            codes = session.scalars(select(Organisation.code).order_by(Organisation.id)).all()
            common = {"number": 1, "letter": "J", "party": 1, "issue": 1, "waiting": 1, "submission": 1}
            common["organisation"] = codes[-1]
            for disclosure in session.scalars(select(Disclosure)):
                document = disclosure.document
                yield {
                    "key": document.key,
                    "reference": document.case.reference,
                    "code": disclosure.organisation.code,
                }
            for recommendation in session.scalars(select(Recommendation)):
                yield {**common, "number": recommendation.number, "reference": recommendation.case.reference}
            for document in session.scalars(select(Document)):
                yield {**common, "key": document.key, "reference": document.case.reference}
            for reference in session.scalars(select(Complaint.reference).order_by(Complaint.id)):
                yield {**common, "reference": reference, "code": codes[0]}
            if not session.scalars(select(OrganisationToMatch)).first():
                complaint = session.scalars(select(Complaint)).first()
                session.add(OrganisationToMatch(id=1, complaint=complaint, words="Some hospital"))
                session.commit()  # only a complaint that is loaded from a file has such a row
            for row in session.scalars(select(OrganisationToMatch)):
                yield {**common, "waiting": row.id, "reference": row.complaint.reference}
            for key in session.scalars(select(Account.key).order_by(Account.id.desc())):
                yield {"key": key}


#: A form that so many records refuse is tried as it is refused.
ENOUGH = 5
#: Forms that are about the organisation in their address.
CHOSEN = {"allegations.make", "cases.correct_organisation", "complaints.match"}


def sent(visitor, path, fields, files=None, **more):
    return visitor.post(path, [("csrf_token", visitor.token.encode()), *fields], files, **more)


@pytest.fixture
def doors(app, office):
    return Doors(app, office)


@pytest.fixture
def failures(app):
    """What went wrong on our side: the exceptions that became a page of ours."""
    seen = []

    def note(_sender, exception, **_more):
        seen.append(f"{type(exception).__name__}: {str(exception)[:120]}")

    with got_request_exception.connected_to(note, app):
        yield seen


def attempts(chance, fields, files):
    """Bodies for one form: each field with some of the bad values, and what spoils the whole form."""
    for name in dict.fromkeys(name for name, _ in fields):
        for kind in chance.sample(sorted(BAD), 4):
            yield kind, put(fields, name, BAD[kind]), files
    for kind, value in BAD.items():
        yield kind, [(name, value) for name, _ in fields], files
    every = sorted(fields_known() | columns_known())
    kind = chance.choice(sorted(BAD))
    yield "every name known", [*fields, *((name, BAD[kind]) for name in every)], files
    yield "nothing at all", [], None
    yield "twice", [*fields, *reversed(fields)], files
    yield "arrays", [(f"{name}[]", value) for name, value in fields], files
    yield "indexed", [(f"{name}-0-{name}", value) for name, value in fields] + fields, files
    yield "2,000 fields", [*fields, *((f"x{n}", b"1") for n in range(2000))], files
    for name in dict.fromkeys(name for name, _ in fields):
        others = [pair for pair in fields if pair[0] != name]
        yield "a missing field", others, files
        yield "a file in place of words", others, [*(files or []), (name, "a.txt", b"Words")]
    for name in dict.fromkeys(chance.sample(fields, min(2, len(fields)))):
        yield "a megabyte", put(fields, name[0], MEGABYTE), files
    if files:
        yield "words in place of a file", [*fields, *((name, b"Words") for name, _, _ in files)], None
        yield "an empty file", fields, [(name, filename, b"") for name, filename, _ in files]
        for filename in ("", "..", "../../etc/passwd", "a\x00b", "\u202etxt.exe", "x" * 5000, 'a;b=\\"c'):
            yield "a strange file name", fields, [(name, filename, b"Words") for name, _, _ in files]


def put(fields, name, value):
    """The same fields with that value in one; in every part, if it is a part of a day."""
    return [(one, value if one == name else answer) for one, answer in fields]


@pytest.mark.timeout(300)
def test_no_form_fails_whatever_is_sent_and_one_that_is_refused_changes_nothing(doors, office, failures):
    chance, count, wrong = random.Random(SEED), Counter(), {}
    before = rows(office)
    for endpoint, visitor, path, fields, files in doors:
        with undone(office):  # PostgreSQL slows down with every savepoint that it has to remember
            for kind, bad, spoilt in attempts(chance, fields, files):
                savepoint = office.begin_nested()
                answer = sent(visitor, path, bad, spoilt)
                count[answer.status_code] += 1
                if answer.status_code >= 500:
                    wrong.setdefault((endpoint, answer.status_code, *failures[-1:]), kind)
                if answer.status_code == 302:
                    savepoint.rollback()
                    clock.move_by(timedelta(0))
                else:
                    savepoint.commit()
            if rows(office) != before:
                wrong[endpoint] = "refused, and rows changed all the same"

    print(f"\n{count.total():,} attempts at {len(doors.rules)} forms, by status: {dict(count)}")
    assert wrong == {}
    assert count.total() > 2500


def test_a_field_that_is_not_on_the_form_changes_nothing(doors, office, monkeypatch):
    """Every column name there is, sent along with answers that are accepted: the same rows come of it."""
    now, accepted, wrong = clock.wall(), 0, {}
    monkeypatch.setattr(clock, "_read", lambda: now)

    def outcome(endpoint, visitor, path, fields, files):
        number_from_the_start(office)
        with undone(office), references.drawn_from(SEED):
            status = sent(visitor, path, fields, files).status_code
            return status, rows(office, without=DRAWN)

    for endpoint, visitor, path, fields, files in doors:
        extra = columns_known() - {name.removesuffix("-day") for name, _ in fields} - {"submission"}
        plain = outcome(endpoint, visitor, path, fields, files)
        accepted += plain[0] == 302
        for value in (b"1", b"ombudsman"):
            more = [*fields, *((name, value) for name in sorted(extra))]
            if outcome(endpoint, visitor, path, more, files) != plain:
                wrong[endpoint, value] = plain[0]

    print(f"\n{len(columns_known())} column names at {len(doors.rules)} forms, {accepted} of them accepted")
    assert wrong == {}
    assert accepted > 25


def test_an_account_needs_an_e_mail_address_of_more_than_blanks(doors, office):
    administrator = doors.visitors["administrator@office.example"]
    form = Form(administrator.open("/accounts/new").text)
    before = rows(office)

    answers = [sent(administrator, "/accounts/new", put(form.fields, "email", v)) for v in (b"  ", b"\x00")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert rows(office) == before


ASKED = ("words", "page", "state", "stage", "show", "year", "organisation", "person", "next")


def test_no_page_fails_whatever_its_address_asks_for(app, office, doors, failures):
    chance, count, wrong = random.Random(SEED), Counter(), {}
    values = {**BAD, "a long text": b"Wort " * 2000}

    def fetch(visitor, path, query, what):
        with undone(office), visitor.open(f"{path}?{query}") as answer:
            count[answer.status_code] += 1
            if answer.status_code >= 500:
                wrong.setdefault((path, *failures[-1:]), what)
            if count.total() % 20 == 0 and rows(office) != before:
                wrong.setdefault((path, "rows changed"), what)

    before = rows(office)
    for endpoint, visitor, path in pages(app, doors):
        reads = endpoint in READING
        for kind in chance.sample(sorted(values), 13 if reads else 7):
            quoted = quote_from_bytes(values[kind])
            fetch(visitor, path, "&".join(f"{n}={quoted}&{n}={quoted}&{n}[]=1" for n in ASKED), kind)
            for name in ASKED if reads else ():
                fetch(visitor, path, f"{name}={quoted}", (name, kind))

    print(f"\n{count.total():,} addresses, by status: {dict(count)}")
    assert wrong == {}
    assert count.total() > 1500


#: Pages that read what stands after the question mark.
READING = {
    "accounts.search", "accounts.sign_in", "allegations.make", "cases.correct_organisation", "cases.search",
    "complaints.add_person", "complaints.match", "complaints.search", "complaints.to_match",
    "organisations.search", "recommendations.search", "reference.days",
}  # fmt: skip


def pages(app, doors):
    """Every page, with somebody who is shown it and a record it is shown for."""
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in {"static", "health.show"}:
            continue
        access = app.view_functions[rule.endpoint].access
        roles = [r for r in Role if not isinstance(access, Permission) or access in GRANTS[r]]
        found = None
        for record in [r for r in doors.records if rule.arguments <= set(r)][:12]:
            path = rule.build({name: record[name] for name in rule.arguments})[1]
            for visitor in (doors.visitors[email] for role in roles for email in WHO[role]):
                with visitor.open(path) as answer:
                    if answer.status_code == 200:
                        found = found or (rule.endpoint, visitor, path)
            if found:
                break
        if found:
            yield found


def read(name):
    if not INPUTS.exists():
        pytest.skip("The synthetic inputs are not beside this repository.")
    with (INPUTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def logged(visitor, **answers):
    """The page of the complaint that this makes."""
    fields = [(n, v) for n, v in Form(visitor.open("/complaints/new").text).fields if n != "csrf_token"]
    blank = ("about", "born_on-", "died_on-", "nhs_number", "affected_name", "basis")
    fields = [pair for pair in fields if not pair[0].startswith(blank)]
    given = {"about": "themselves", **answers}
    fields = [pair for pair in fields if pair[0] not in given]
    answer = sent(visitor, "/complaints/new", [*fields, *((n, v.encode()) for n, v in given.items())])
    assert answer.status_code == 302, answer.text
    return visitor.open(answer.location)


def test_awkward_names_come_back_as_they_were_written(visit, office):
    caseworker, names = visit("caseworker@office.example"), [row["name"] for row in read("awkward_names.csv")]
    names = [name for name in names if clean(name)]

    pages = {name: logged(caseworker, name=name[:200]) for name in names}

    kept = office.scalars(select(Person.name).order_by(Person.id.desc()).limit(len(names))).all()[::-1]
    assert kept == [clean(name[:200]) for name in names]
    assert {n: p.status_code for n, p in pages.items() if str(escape(clean(n[:200]))) not in p.text} == {}


def test_no_nhs_number_holds_a_complaint_up_and_each_is_kept_as_typed(visit, office):
    caseworker, numbers = visit("caseworker@office.example"), read("nhs_number_test_values.csv")
    typed = [row["value"] for row in numbers if len(clean(row["value"])) <= 20]

    pages = [logged(caseworker, name="Somebody", nhs_number=number) for number in typed]

    people = office.scalars(select(Person.nhs_number).order_by(Person.id.desc()).limit(len(typed))).all()
    assert list(people)[::-1] == [tidy(clean(number)) for number in typed]
    assert {page.status_code for page in pages} == {200}
    right = {row["value"] for row in numbers if row["expected"] == "valid"}
    standing = {n: "Check this number" not in p.text for n, p in zip(typed, pages, strict=True) if clean(n)}
    assert {n for n, is_valid in standing.items() if is_valid and n not in right} == set()
    print(f"\n{len(typed)} NHS numbers of {len(numbers)} logged")
