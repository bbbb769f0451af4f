"""Whatever is sent to a form or an address: never a failure of ours, and a refusal changes nothing."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import timedelta

import pytest

from app.core import clock, references
from tests.web import DRAWN, Form, number_from_the_start, rows, undone
from tests.web.doors import BAD, MEGABYTE, columns_known, fields_known, sent

SEED = 1993
#: `THOROUGH=1` puts four bad values into each field; otherwise one, and four more things spoil each form.
THOROUGH = bool(os.environ.get("THOROUGH"))
VALUES, FIELDS, FORMS = (4, 1000, 1000) if THOROUGH else (1, 6, 10)
#: The forms are tried in parts, as PostgreSQL slows down with all that one transaction has to remember.
PARTS = 6


def attempts(chance, fields, files):
    """Bodies for one form: each field with some of the bad values, and what spoils the whole form."""
    names = few(chance, list(dict.fromkeys(name for name, _ in fields)), FIELDS)
    for name in names:
        for kind in chance.sample(sorted(BAD), VALUES):
            yield kind, put(fields, name, BAD[kind]), files
    for kind, value in few(chance, list(BAD.items()), FORMS):
        yield kind, [(name, value) for name, _ in fields], files
    every = sorted(fields_known() | columns_known())
    kind = chance.choice(sorted(BAD))
    yield "every name known", [*fields, *((name, BAD[kind]) for name in every)], files
    yield "nothing at all", [], None
    yield "twice", [*fields, *reversed(fields)], files
    yield "arrays", [(f"{name}[]", value) for name, value in fields], files
    yield "indexed", [(f"{name}-0-{name}", value) for name, value in fields] + fields, files
    yield "2,000 fields", [*fields, *((f"x{n}", b"1") for n in range(2000))], files
    for name in names:
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


def few(chance, every, number):
    return chance.sample(every, min(number, len(every)))


def put(fields, name, value):
    """The same fields with that value in one; in every part, if it is a part of a day."""
    return [(one, value if one == name else answer) for one, answer in fields]


@pytest.mark.timeout(1800)  # against hanging, not a measure
@pytest.mark.parametrize("part", range(PARTS))
def test_no_form_fails_whatever_is_sent_and_one_that_is_refused_changes_nothing(
    doors, office, failures, part
):
    chance, count, wrong = random.Random(SEED), Counter(), {}
    before = rows(office)
    for endpoint, visitor, path, fields, files in doors.part(part, PARTS):
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

    print(f"\n{count.total():,} attempts, by status: {dict(count)}")
    assert wrong == {}
    assert count.total() > 400


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_field_that_is_not_on_the_form_changes_nothing(doors, office, monkeypatch, part):
    """Every column name there is, sent along with answers that are accepted: the same rows come of it."""
    now, accepted, wrong = clock.wall(), 0, {}
    monkeypatch.setattr(clock, "_read", lambda: now)

    def outcome(endpoint, visitor, path, fields, files):
        number_from_the_start(office)
        with undone(office), references.drawn_from(SEED):
            status = sent(visitor, path, fields, files).status_code
            return status, rows(office, without=DRAWN)

    for endpoint, visitor, path, fields, files in doors.part(part, PARTS):
        extra = columns_known() - {name.removesuffix("-day") for name, _ in fields} - {"submission"}
        plain = outcome(endpoint, visitor, path, fields, files)
        accepted += plain[0] == 302
        for value in (b"1", b"ombudsman"):
            more = [*fields, *((name, value) for name in sorted(extra))]
            if outcome(endpoint, visitor, path, more, files) != plain:
                wrong[endpoint, value] = plain[0]

    print(f"\n{len(columns_known())} column names at the forms of part {part}, {accepted} of them accepted")
    assert wrong == {}
    assert accepted > 4


def test_an_account_needs_an_e_mail_address_of_more_than_blanks(doors, office):
    administrator = doors.visitors["administrator@office.example"]
    form = Form(administrator.open("/accounts/new").text)
    before = rows(office)

    answers = [sent(administrator, "/accounts/new", put(form.fields, "email", v)) for v in (b"  ", b"\x00")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert rows(office) == before
