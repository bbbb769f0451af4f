"""Every answer bears the same headers, whatever it answers, and no failure tells how the service is made."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import RequestEntityTooLarge

from app.web.headers import POLICY
from tests.web import Visitor, address_of

EXACTLY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
#: A page whose address is a secret does not tell it to where it leads.
SECRET_ADDRESS = {"Referrer-Policy": "strict-origin"}
#: What is downloaded may do nothing at all.
SANDBOXED = {"Content-Security-Policy": "sandbox; default-src 'none'"}
#: What an answer says of itself and not of us.
OF_THE_ANSWER = {"Content-Type", "Content-Length", "Content-Disposition", "Location", "Allow", "Vary",
                 "Set-Cookie", "Retry-After", "Date", "Clear-Site-Data", "ETag", "Accept-Ranges"}  # fmt: skip
DIRECTIVES = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
}  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")
#: What would give us away in an answer to a failure.
TELLING = ("Traceback", "SELECT ", "sqlalchemy", "psycopg", "sqlite", "werkzeug", "flask", "site-packages",
           ".py", "/work/", "line ", "A secret of the exception")  # fmt: skip


def said(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OF_THE_ANSWER}


def expected(endpoint: str) -> dict[str, str]:
    return EXACTLY | (
        SECRET_ADDRESS if endpoint in {"accounts.choose_password", "front_door.come_back"} else {}
    )


def paths(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            yield rule, address_of(rule)


def test_the_policy_allows_only_what_is_ours():
    assert set(POLICY.split("; ")) == DIRECTIVES


@pytest.mark.parametrize("email", ["", "manager@office.example", "administrator@office.example"])
def test_every_route_answers_every_method_with_exactly_these_headers(app, visit, email):
    visitor, count, wrong = visit(email), 0, {}
    for rule, path in paths(app):
        for method in METHODS:
            if email and rule.endpoint.startswith("accounts.sign_out"):
                continue  # sent in test_sessions, where they sign out
            with visitor.open(path, method=method) as answer:
                count += 1
                is_a_file = "Content-Disposition" in answer.headers
                page = EXACTLY if answer.status_code == 405 else expected(rule.endpoint)
                if said(answer) != page | (SANDBOXED if is_a_file else {}):
                    wrong[path, method] = answer.status_code, said(answer)

    print(f"\n{count} answers to {email or 'a stranger'}")
    assert wrong == {}
    assert count > 600


def test_over_https_every_answer_asks_for_https_from_now_on(app, visit):
    with_tls = EXACTLY | {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}

    answers = {
        path: Visitor(app, base_url="https://localhost").open(path) for path in ("/", "/sign-in", "/no")
    }

    assert {path: said(answer) for path, answer in answers.items()} == dict.fromkeys(answers, with_tls)


def test_a_host_that_is_not_ours_is_answered_with_the_same_headers(app, office):
    answer = app.test_client().get("/sign-in", headers={"Host": "evil.example"})

    assert (answer.status_code, said(answer)) == (400, EXACTLY)


def test_a_style_sheet_bears_the_same_headers_but_may_be_kept(app, office):
    with app.test_client().get("/static/build/casework.css") as answer:
        headers = said(answer)

    kept = {name for name in headers if name in {"Cache-Control", "ETag", "Last-Modified", "Accept-Ranges"}}
    assert {n: v for n, v in headers.items() if n not in kept} == {
        n: v for n, v in EXACTLY.items() if n != "Cache-Control"
    }
    assert "no-store" not in headers.get("Cache-Control", "")


@pytest.fixture
def breaking(app, monkeypatch):
    """Let any view raise."""

    def go(endpoint: str, error: Exception) -> None:
        view = app.view_functions[endpoint]

        def broken(**_arguments):
            raise error

        broken.access = getattr(view, "access", None)
        monkeypatch.setitem(app.view_functions, endpoint, broken)

    return go


def test_every_error_page_bears_the_headers_and_tells_nothing(app, visit, breaking):
    manager = visit("manager@office.example")
    breaking("reference.standards", RuntimeError("A secret of the exception"))
    breaking("reference.severity", RequestEntityTooLarge())

    answers = {
        400: manager.post("/complaints/new", [("narrative", b"")]),
        403: manager.open("/accounts/"),
        404: manager.open("/nowhere"),
        405: manager.open("/sign-out"),
        413: manager.open("/lists/severity"),
        500: manager.open("/lists/standards"),
    }

    assert {status: answer.status_code for status, answer in answers.items()} == {s: s for s in answers}
    assert {status: said(answer) for status, answer in answers.items()} == dict.fromkeys(answers, EXACTLY)
    assert {(s, word) for s, a in answers.items() for word in TELLING if word in a.text} == set()
    assert "Number of this request:" in answers[500].text


def test_a_failure_anywhere_tells_nothing_of_how_the_service_is_made(app, visit, breaking):
    manager, told = visit("manager@office.example"), {}
    for rule, path in list(paths(app)):
        breaking(rule.endpoint, ValueError("A secret of the exception, line 7 of app/core/clock.py"))
        method = "GET" if "GET" in rule.methods else "POST"
        with manager.open(path, method=method, data=b"csrf_token=" + manager.token.encode(),
                          content_type="application/x-www-form-urlencoded") as answer:  # fmt: skip
            words = [word for word in TELLING if word in answer.text]
            told[path] = answer.status_code, said(answer) == expected(rule.endpoint), words

    print(f"\n{len(told)} failures")
    assert told == dict.fromkeys(told, (500, True, []))


NOT_THERE = (
    "/.git/HEAD", "/.git/config", "/.env", "/config.py", "/wsgi.py", "/app/__init__.py", "/instance/office",
    "/instance/secret", "/static/", "/static/build/", "/static/../config.py", "/static/%2e%2e/config.py",
    "/static/..%2fconfig.py", "/static/build/../../config.py", "/static/etc/passwd", "/console", "/debug",
    "/__debug__/", "/server-status", "/admin", "/phpinfo.php", "/wp-login.php", "/robots.txt~", "/backup.zip",
    "/metrics", "/actuator", "/swagger.json", "/openapi.json", "/graphql", "/api", "/.well-known/x", "/.DS_Store",
    "/requirements.txt", "/pyproject.toml", "/README.md", "/migrations/env.py", "/templates/layouts/page.html",
    "/static/casework.scss~", "/static/.git", "/static/build/casework.css.map~", "/%00", "/%0d%0aSet-Cookie:x=1",
    "/files/", "/evidence/", "/uploads/", "/var/", "/etc/passwd", "/proc/self/environ", "/dump.sql", "/db.sqlite3",
    "/test", "/trace.axd", "/web.config", "/crossdomain.xml", "/index.php", "/cgi-bin/", "/shell", "/login.jsp",
    "/?__debugger__=yes&cmd=resource&f=style.css", "/sign-in/x",
)  # fmt: skip


def test_sixty_addresses_that_others_have_are_not_here(app, office):
    assert len(NOT_THERE) == 60

    answers = {}
    for path in NOT_THERE:
        with app.test_client().get(path) as answer:
            answers[path] = answer.status_code, [word for word in TELLING if word in answer.text]

    assert {path: it for path, it in answers.items() if it not in [(404, []), (302, [])]} == {}
    assert [path for path, (status, _) in answers.items() if status == 302] == [
        "/?__debugger__=yes&cmd=resource&f=style.css"
    ]


OPEN = {"accounts.sign_in", "accounts.forgotten_password", "accounts.choose_password", "health.show"}


def tampered(path: str):
    """The same page asked for in ways that a careless check lets through."""
    plain = {"method": "GET"}
    yield path, {"method": "HEAD"}
    yield path, {"method": "OPTIONS"}
    yield path, {"method": "POST", "headers": {"X-HTTP-Method-Override": "GET"}}
    yield path, {"method": "POST", "headers": {"X-HTTP-Method": "GET", "X-Method-Override": "GET"}}
    yield f"{path}?_method=GET", {"method": "POST"}
    yield path, {"method": "GET", "headers": {"X-Original-URL": "/sign-in", "X-Rewrite-URL": "/sign-in"}}
    yield path, {"method": "PROPFIND"}
    yield f"{path.rstrip('/')}/", plain
    yield f"{path};x=1", plain
    yield f"{path}%2e", plain
    yield f"/.{path}", plain
    yield f"/sign-in/..{path}", plain
    yield path.upper(), plain
    yield f"{path}%00", plain
    yield f"/{path}", {"method": "GET", "environ_overrides": {"PATH_INFO": f"/{path}"}}


def test_no_way_of_asking_shows_a_stranger_what_signing_in_shows(app, visit):
    manager, stranger, count, shown = visit("manager@office.example"), visit(), 0, set()
    for rule, path in paths(app):
        if rule.endpoint in OPEN or rule.endpoint.startswith(
            "front_door."
        ):  # for everybody, and holds nobody else's
            continue
        for how, more in tampered(path):
            with stranger.open(how, **more) as answer:
                count += 1
                is_page = answer.status_code == 200 and more["method"] != "OPTIONS"
                if is_page or answer.status_code >= 500:
                    shown.add((how, more["method"], answer.status_code))

    print(f"\n{count} variants")
    assert shown == set()
    assert manager.is_in()
