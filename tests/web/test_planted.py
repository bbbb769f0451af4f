"""What somebody writes is words: no markup, no SQL, no template and no header comes of it (C3, C4, C6, C11).

A part is tried each time. `THOROUGH=1` tries everything: 60 ways to write markup and 25 to write SQL into every
form, and 20,000 requests made from the addresses and the forms there are.
"""

from __future__ import annotations

import csv
import os
import random
from collections import Counter
from urllib.parse import quote_from_bytes

import pytest
from sqlalchemy import event, select

from app.outbox.models import Message
from tests.web import undone
from tests.web.doors import BAD, columns_known, fields_known, sent
from tests.web.planting import MARK, MARKUP, OTHERS, SQL, Elements, plant, written_in
from tests.web.test_bad_addresses import ASKED, pages

SEED = 1993
THOROUGH = bool(os.environ.get("THOROUGH"))
REQUESTS = 20_000 if THOROUGH else 1_500


@pytest.fixture
def asked_of_the_database(app, office):
    """The text of every statement in which something planted stands outside the values that are bound."""
    found = []

    def look(_connection, _cursor, statement, _values, _context, _many):
        if MARK in statement:
            found.append(statement)

    event.listen(office.engine, "before_cursor_execute", look)
    yield found
    event.remove(office.engine, "before_cursor_execute", look)


def some(chance: random.Random, what: list[str], number: int) -> list[str]:
    return what if THOROUGH else chance.sample(what, number)


def planted_in(fields, words: str):
    """The answers to a form, with these words after everything that somebody may write in their own words."""
    said = [(name, value) for name, value in fields if value in {b"Words", b"Words of a test"}]
    return [(name, words.encode() if (name, value) in said else value) for name, value in fields], len(said)


def what_shows(visitor, answer):
    """The answer itself, and the page it leads to."""
    yield answer.text if answer.mimetype == "text/html" else ""
    if answer.status_code == 302 and answer.location.startswith("/"):
        with visitor.open(answer.location) as led:
            yield led.text if led.mimetype == "text/html" else ""


def what_came_of_it(office, answer, pages):
    """What planted words became besides words: elements of a page, a header, a line of a message's head."""
    yield from (planted for page in pages for planted in Elements(page).planted)
    headers = "".join(f"{name}{value}" for name, value in answer.headers)
    yield from (strange for strange in ("\n", "Bcc:", "evil=1") if strange in headers)
    for message in office.execute(select(Message.subject, Message.address)):
        yield from (line for line in message if "\r" in line or "\n" in line)


@pytest.mark.timeout(3600)  # against hanging: everything is a great many pages
def test_what_is_written_into_a_form_is_never_markup_sql_or_a_header(
    doors, office, failures, asked_of_the_database
):
    chance, count, shown, wrong = random.Random(SEED), Counter(), 0, {}
    for endpoint, visitor, path, fields, files in doors:
        planted, number = planted_in(fields, MARK)
        if not number:
            continue
        ways = some(chance, MARKUP, 4) + some(chance, SQL, 2) + some(chance, OTHERS, 2)
        for words in ways:
            planted, _number = planted_in(fields, words)
            with undone(office):
                answer = sent(visitor, path, planted, files)
                count[answer.status_code] += 1
                led = list(what_shows(visitor, answer))
                shown += sum(MARK in page for page in led)
                came = [*what_came_of_it(office, answer, led), *(failures[-1:] * (answer.status_code >= 500))]
                if came:
                    wrong[endpoint, words] = came

    print(f"\n{count.total():,} plantings, shown in {shown:,} pages, by status: {dict(count)}")
    assert (wrong, asked_of_the_database) == ({}, [])
    assert shown > 100


@pytest.mark.timeout(3600)
def test_what_stands_in_the_records_is_words_on_every_page_and_in_every_file(app, doors, office, failures):
    """However it came there: loaded from a file, read from an image, or written before a rule was made."""
    columns, wrong, shown = list(written_in()), {}, 0
    plant(office, columns)
    opened = list(pages(app, doors))
    for endpoint, visitor, path in opened:
        with visitor.open(path) as answer:
            page = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
            shown += MARK in page
            planted = (
                Elements(page).planted if answer.mimetype == "text/html" else cells_that_live(answer, page)
            )
            if planted or answer.status_code >= 500:
                wrong[endpoint] = planted or failures[-1:]

    print(f"\n{len(columns)} columns planted, {len(opened)} pages and files opened, {shown} show it")
    assert wrong == {}
    assert shown > 50


def cells_that_live(answer, text: str) -> list[str]:
    """The cells of a table file that a spreadsheet would run."""
    if answer.mimetype != "text/csv":
        return []
    return [cell for row in csv.reader(text.splitlines()) for cell in row if cell[:1] in {"=", "+", "@"}]


@pytest.mark.timeout(3600)
def test_nothing_in_an_address_is_sql(app, doors, office, failures, asked_of_the_database):
    chance, count, wrong = random.Random(SEED), 0, {}
    for endpoint, visitor, path in pages(app, doors):
        for words in some(chance, SQL, 1):
            quoted = quote_from_bytes(words.encode())
            names = ASKED if THOROUGH else chance.sample(ASKED, 3)
            for query in (*(f"{name}={quoted}" for name in names), "&".join(f"{n}={quoted}" for n in ASKED)):
                with (
                    undone(office),
                    visitor.open(f"{path}?{query}", headers={"Referer": words[:60]}) as answer,
                ):
                    count += 1
                    if answer.status_code >= 500:
                        wrong[endpoint, words] = failures[-1:]

    print(f"\n{count:,} addresses with SQL in them")
    assert (wrong, asked_of_the_database) == ({}, [])


@pytest.mark.timeout(3600)
def test_whatever_is_sent_anywhere_by_whatever_method_is_no_failure_of_ours(app, doors, office, failures):
    """From the addresses and the names of fields there are, with a fixed seed: 20,000 when thorough."""
    chance, count, wrong = random.Random(SEED), Counter(), {}
    rules = sorted((rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"), key=str)
    names, visitors = sorted(fields_known() | columns_known()), sorted(doors.visitors)
    values = [
        *BAD.values(),
        *(words.encode() for words in (*MARKUP[:6], *SQL[:5], *OTHERS)),
        b"1",
        b"x" * 5000,
    ]
    kept = {"sign_out", "accounts.sign_out"}
    while count.total() < REQUESTS:
        with undone(office):  # PostgreSQL slows down with every savepoint that it has to remember
            for _ in range(50):
                rule, visitor = chance.choice(rules), doors.visitors[chance.choice(visitors)]
                record = chance.choice(doors.records)
                strange = {
                    name: chance.choice(("0", "%00", "a/b", "٣", "9" * 12, "x" * 300))
                    for name in rule.arguments
                }
                parts = {name: str(record.get(name, strange[name])) for name in rule.arguments}
                if chance.random() < 0.2:
                    parts |= {name: strange[name] for name in rule.arguments}
                path = str(rule)
                for name in rule.arguments:
                    path = path.replace(
                        f"<{_kind(rule, name)}{name}>", quote_from_bytes(parts[name].encode(), safe="%/")
                    )
                fields = [(chance.choice(names), chance.choice(values)) for _ in range(chance.randrange(12))]
                fields += [
                    *fields[:1],
                    (f"{chance.choice(names)}-{chance.randrange(3)}", chance.choice(values)),
                ]
                if rule.endpoint in kept:
                    continue
                if chance.random() < 0.5:
                    files = (
                        [(chance.choice(names), "a.pdf", chance.choice(values))]
                        if chance.random() < 0.1
                        else None
                    )
                    answer = sent(visitor, path, fields, files)
                else:
                    query = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields)
                    answer = visitor.open(
                        f"{path}?{query[:3000]}", method=chance.choice(("GET", "HEAD", "PUT"))
                    )
                count[answer.status_code] += 1
                if answer.status_code >= 500:
                    wrong.setdefault((rule.endpoint, *failures[-1:]), path)
                answer.close()

    print(f"\n{count.total():,} requests at {len(rules)} addresses, by status: {dict(sorted(count.items()))}")
    assert wrong == {}


@pytest.mark.parametrize(
    "path", ["/lists/%00/versions", "/lists/severity/rows/a%0a/checked", "/exports/%7f.csv"]
)
def test_an_address_with_a_control_character_is_no_address(visit, failures, path):
    assert visit("administrator@office.example").open(path).status_code == 404
    assert failures == []


def _kind(rule, name: str) -> str:
    """How the kind of a part is written in a rule, before its name."""
    written = next(part for part in str(rule).split("<") if part.partition(">")[0].rpartition(":")[2] == name)
    kind = written.partition(">")[0].rpartition(":")[0]
    return f"{kind}:" if kind else ""
