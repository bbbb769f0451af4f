"""Forms that others send (B16)."""

from __future__ import annotations

import pytest

from tests.web import CASEWORKER, MANAGER, Visitor, address_of, rows

SAFE = {"GET", "HEAD", "OPTIONS"}


def unsafe_paths(app):
    for rule in app.url_map.iter_rules():
        if set(rule.methods) - SAFE:
            yield address_of(rule)


def test_no_unsafe_route_takes_a_form_that_is_not_this_sign_in_s_own(app, visit, office):
    old = visit(MANAGER)
    stale = old.token
    old.send("/sign-out")
    mine, other = visit(MANAGER), visit(CASEWORKER)
    wrong = {
        "none": ([], {}),
        "empty": ([("csrf_token", b"")], {}),
        "another's": ([("csrf_token", other.token.encode())], {}),
        "an old one": ([("csrf_token", stale.encode())], {}),
        "a stranger's": ([("csrf_token", Visitor(app).token.encode())], {}),
        "twice": ([("csrf_token", b"x"), ("csrf_token", mine.token.encode())], {}),
    }
    own = [("csrf_token", mine.token.encode())]
    elsewhere = {
        "cross-site": {"Sec-Fetch-Site": "cross-site"},
        "same-site": {"Sec-Fetch-Site": "same-site"},
        "odd": {"Sec-Fetch-Site": "x"},
        "origin": {"Origin": "https://evil.example"},
        "null": {"Origin": "null"},
        "look-alike": {"Origin": "http://localhost.evil.example"},
        "another port": {"Origin": "http://localhost:8001"},
        "broken": {"Origin": "http://[evil"},
        "both": {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    }
    before, answers = rows(office), {}
    paths = list(unsafe_paths(app))
    for path in paths:
        for why, (fields, headers) in wrong.items():
            answers[path, why] = mine.post(path, fields, headers=headers).status_code
        body = b"csrf_token=" + mine.token.encode()
        answers[path, "text"] = mine.open(
            path, method="POST", data=body, content_type="text/plain"
        ).status_code
        answers[path, "json"] = mine.open(path, method="POST", json={"csrf_token": mine.token}).status_code
        for why, headers in elsewhere.items():
            answers[path, why] = mine.post(path, own, headers=headers).status_code

    print(f"\n{len(answers)} forged forms at {len(paths)} routes")
    assert {key: s for key, s in answers.items() if s != (403 if key[1] in elsewhere else 400)} == {}
    assert rows(office) == before
    assert mine.is_in()


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_the_browser_s_own_form_is_taken(visit, headers):
    visitor = visit(MANAGER)

    answer = visitor.post("/sign-out", [("csrf_token", visitor.token.encode())], headers=headers)

    assert (answer.status_code, answer.location) == (302, "/sign-in")


@pytest.mark.parametrize(
    "body", ["[1]", "{", '"words"', '{"name": 5}', '{"name": {"a": [1]}}', "null", "9" * 5000]
)
def test_json_is_no_form_of_ours_and_fails_nothing(visit, office, body):
    visitor, before = visit(MANAGER), rows(office)

    answers = [
        visitor.open(path, method="POST", data=body, content_type="application/json",
                     headers={"X-CSRFToken": visitor.token}).status_code
        for path in ("/organisations/new", "/complaints/new", "/demonstration/clock")
    ]  # fmt: skip

    assert answers == [200, 200, 200]
    assert rows(office) == before
