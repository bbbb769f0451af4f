"""Where an answer may lead: only within this service, whatever the address or the headers say."""

from __future__ import annotations

from urllib.parse import quote, quote_from_bytes, urljoin, urlsplit

import pytest

from app.demonstration.office import PASSWORD
from tests.web import Visitor

LEADING_AWAY = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/cases/",
    "/\\evil.example",
    "\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "\\/evil.example",
    "//\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/\x00/evil.example",
    "/\x7f/evil.example",
    "/\x0b/evil.example",
    "https://evil.example",
    "http://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)",
    "data:text/html,evil",
    "evil.example",
    "@evil.example",
    "http://localhost@evil.example",
    "//localhost@evil.example",
    "http://localhost:80@evil.example",
    ".evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "",
    "localhost/cases/",
    "/cases/\r\nSet-Cookie: evil=1",
    "/cases/\r\nLocation: //evil.example",
    "ftp://evil.example",
]
#: Odd, but of this site: the browser stays here.
STAYING = [
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "/%09/evil.example",
    "/@evil.example",
    "/.evil.example",
    "/..//evil.example",
    "/./evil.example",
    "/;//evil.example",
    "/caseload/?next=//evil.example",
    "/cases/#//evil.example",
    "/：evil.example",
    "/\u2028/evil.example",
    "/\u3000/evil.example",
    "/\ufeff/evil.example",
    "/[evil.example",
    "/evil.example]",
]


def signed_in_by(app, wanted: str):
    visitor = Visitor(app)
    fields = [("email", b"manager@office.example"), ("password", PASSWORD.encode())]
    return visitor.send(f"/sign-in?next={quote(wanted, safe='')}", fields)


def where(answer) -> str:
    """The address a browser goes to next, read as browsers read it: without tabs and line ends."""
    location = answer.location.replace("\\", "/")
    return urljoin("http://localhost/sign-in", "".join(c for c in location if c not in "\t\r\n"))


def test_forty_addresses_that_lead_elsewhere_lead_to_the_first_page(app, office):
    assert len(LEADING_AWAY) == 40

    led = {wanted: (a.status_code, a.location) for wanted in LEADING_AWAY if (a := signed_in_by(app, wanted))}

    assert {wanted: to for wanted, to in led.items() if to != (302, "/")} == {}


def test_odd_addresses_of_this_site_stay_on_this_site(app, office):
    answers = {wanted: signed_in_by(app, wanted) for wanted in STAYING}

    assert {wanted: urlsplit(where(answer)).netloc for wanted, answer in answers.items()} == dict.fromkeys(
        STAYING, "localhost"
    )
    assert {answer.status_code for answer in answers.values()} == {302}


def test_bytes_that_are_no_text_lead_to_no_failure(app, office):
    for wanted in (b"/\xed\xa0\x80", b"/\xff\xfe", b"/\xc0\xaf\xc0\xafevil.example", b"\xed\xbf\xbf//evil"):
        visitor = Visitor(app)
        fields = [("email", b"manager@office.example"), ("password", PASSWORD.encode())]
        answer = visitor.send(f"/sign-in?next={quote_from_bytes(wanted)}", fields)

        assert (answer.status_code, urlsplit(where(answer)).netloc) == (302, "localhost")


def test_the_page_somebody_wanted_is_where_they_are_after_signing_in(app, office):
    stranger = Visitor(app)
    to_sign_in = stranger.fetch("/caseload/?standing=closed&sort=due")

    answer = stranger.send(
        to_sign_in.location, [("email", b"manager@office.example"), ("password", PASSWORD.encode())]
    )

    assert (answer.status_code, answer.location) == (302, "/caseload/?standing=closed&sort=due")


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "//evil.example/..", "/cases"])
def test_no_address_of_ours_redirects_elsewhere_by_its_slashes(visit, path):
    visitor = visit("manager@office.example")

    answer = visitor.open("/", environ_overrides={"PATH_INFO": path, "RAW_URI": path, "REQUEST_URI": path})

    assert urlsplit(urljoin("http://localhost", answer.location or "/")).netloc == "localhost"
    assert answer.status_code in {301, 302, 308, 404}


NOT_OURS = [
    "evil.example",
    "evil.example:8000",
    "localhost.evil.example",
    "evil.example#localhost",
    "localhost@evil.example",
    "127.0.0.1.evil.example",
    "localhost:99999",
    "localhost/evil",
    "[::2]",
    "[::1",
    "",
    "loc\u00e4lhost",
]


@pytest.mark.parametrize(
    "path", ["/sign-in", "/account", "/health", "/nowhere", "/static/build/casework.css"]
)
def test_a_host_that_is_not_ours_is_answered_with_400_and_without_its_name(app, office, path):
    answers = {}
    for host in NOT_OURS:
        for method in ("GET", "POST"):
            with app.test_client().open(path, method=method, environ_overrides={"HTTP_HOST": host}) as answer:
                answers[host, method] = answer.status_code, "evil" in answer.text, answer.location

    assert answers == dict.fromkeys(answers, (400, False, None))


SPOOFED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Original-URL": "/accounts/",
    "X-Rewrite-URL": "/accounts/",
    "X-Host": "evil.example",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
}


def test_without_a_proxy_no_header_says_who_or_where_we_are(app, office):
    plain = Visitor(app).open("/cases")
    told = {}
    for name, value in SPOOFED.items():
        for path in ("/account", "/cases"):
            answer = Visitor(app).open(path, headers={name: value})
            told[name, path] = (
                answer.status_code,
                answer.location,
                "Strict-Transport-Security" in answer.headers,
            )

    assert len(told) == 20
    assert {key: said for key, said in told.items() if key[1] == "/cases"} == dict.fromkeys(
        ((name, "/cases") for name in SPOOFED), (plain.status_code, plain.location, False)
    )
    assert {said for key, said in told.items() if key[1] == "/account"} == {
        (302, "/sign-in?next=/account", False)
    }
