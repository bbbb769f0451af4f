"""Whatever an address asks for: never a failure of ours, and no row changes."""

from __future__ import annotations

import random
from collections import Counter
from urllib.parse import quote_from_bytes

import pytest

from app.accounts.models import Role
from app.policy import GRANTS, Permission
from tests.web import WHO, rows, undone
from tests.web.doors import BAD

SEED = 1993


ASKED = (
    "words", "page", "state", "show", "year", "organisation", "person", "next",
    "standing", "owner", "code", "flag", "received-from", "due-to", "except", "sort", "column", "after", "in",
)  # fmt: skip


@pytest.mark.timeout(3600)  # only against hanging: it is a great many requests
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
            for name in chance.sample(ASKED, 9) if reads else ():
                fetch(visitor, path, f"{name}={quoted}", (name, kind))

    print(f"\n{count.total():,} addresses, by status: {dict(count)}")
    assert wrong == {}
    assert count.total() > 1500


#: Pages that read what stands after the question mark.
READING = {
    "accounts.search", "accounts.sign_in", "allegations.make", "caseload.search", "cases.correct_organisation",
    "complaints.add_person", "complaints.match", "complaints.to_match",
    "exports.as_csv_file", "organisations.search", "recommendations.search", "reference.days", "search.evidence",
    "search.evidence_of_case", "search.search",
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
                looked = doors.connection.begin_nested()  # PostgreSQL remembers what each look leaves behind
                with visitor.open(path) as answer:
                    if answer.status_code == 200:
                        found = found or (rule.endpoint, visitor, path)
                looked.rollback()
            if found:
                break
        if found:
            yield found
