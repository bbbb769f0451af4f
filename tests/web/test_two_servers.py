"""What holds over two servers on one database: limits (G2), and that who is signed out is out (B13)."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app import create_app
from app.accounts import passwords
from app.accounts.limits import SIGN_IN_ALL, SIGN_IN_EMAIL
from app.accounts.models import Role
from app.cli.database import alembic_config
from app.core.references import new_key
from app.database import db
from config import Config, Office
from tests import databases
from tests.factories import Make

PROJECT = Path(__file__).parents[2]
TRIES, RACES, EMAIL, PASSWORD = 1000, 50, "owner@office.example", "four quiet herons wading"


@dataclass
class Server:
    """The service as `flask serve` runs it, in a process of its own."""

    settings: dict[str, str]
    port: int = field(default_factory=lambda: free_port())

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            cwd=PROJECT,
            env={**os.environ, **self.settings, "PORT": str(self.port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for(self.port)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def servers(request, tmp_path):
    """Two servers on one database, in which managers have accounts."""
    from alembic import command

    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        settings = {
            "OFFICE": "demonstration",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": url,
            "SECRET_KEY": "x" * 8 + "abcdefgh" * 5,
        }
        same = {"DATA_DIR": tmp_path, "DATABASE_URL": url, "SECRET_KEY": settings["SECRET_KEY"]}
        app = create_app(Config(OFFICE=Office.DEMONSTRATION, **same))
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            with db.unit_of_work() as session:
                make, hashed = Make(session), passwords.hash_of(PASSWORD)
                for email in [EMAIL, *(f"{number}.{EMAIL}" for number in range(RACES))]:
                    make.account(Role.MANAGER, email=email, password_hash=hashed)
            db.dispose()
        running = [Server(settings), Server(settings)]
        try:
            for server in running:
                server.start()
            yield running
        finally:
            for server in running:
                server.kill()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError("the server did not start")


class Browser:
    """Somebody on one connection, with a cookie and the token of its forms."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = self.token = ""

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_why: object) -> None:
        self.connection.close()

    def ask(self, path: str, fields: dict[str, str] | None = None, **more: str) -> tuple[int, str, str]:
        """The status, where it leads and the page."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded", **more}
        body = urlencode({"csrf_token": self.token, **fields}) if fields is not None else None
        self.connection.request("GET" if fields is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        for told in answer.headers.get_all("Set-Cookie", []):
            if told.partition("=")[0].endswith("second-read"):
                self.cookie = told.partition(";")[0]
        if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page):
            self.token = found[1]
        return answer.status, answer.headers.get("Location", ""), page


def tries(port: int, count: int) -> list[str]:
    """So many tries at the account by one stranger, each as if from elsewhere; what each was told."""
    spelt, told = [EMAIL, EMAIL.upper(), f" {EMAIL}", EMAIL.title(), f"{EMAIL}  "], []
    with Browser(port) as stranger:
        stranger.ask("/sign-in")
        for number in range(count):
            given = {"email": spelt[number % 5], "password": "not the password"}
            forged = {"X-Forwarded-For": f"2001:db8:{number:x}::1", "X-Real-IP": f"198.51.100.{number % 250}"}
            status, _where, page = stranger.ask("/sign-in", given, **forged)
            looked_at, too_often = "the password is not right" in page, "too many attempts" in page
            told.append(f"{status} {'looked at' if looked_at else 'too often' if too_often else page[:200]}")
    return told


@pytest.mark.timeout(600)
def test_a_thousand_tries_over_two_servers_one_of_which_starts_again_are_within_the_limit(servers):
    began, told = time.time(), []
    with ThreadPoolExecutor(4) as strangers:
        for half in range(2):
            if half:
                servers[0].kill()
                servers[0].start()
            ports = [server.port for server in servers] * 2
            told += [one for each in strangers.map(tries, ports, [TRIES // 8] * 4) for one in each]
    window = SIGN_IN_EMAIL.window.total_seconds()
    windows = int(time.time() // window) - int(began // window) + 1

    looked_at, took = told.count("200 looked at"), time.time() - began
    print(f"\n{len(told)} tries over two servers in {took:.0f} s: {looked_at} looked at, {windows} window(s)")
    assert SIGN_IN_EMAIL.most <= looked_at <= SIGN_IN_EMAIL.most * windows
    assert told.count("200 too often") == TRIES - looked_at
    assert SIGN_IN_ALL.most >= TRIES


@pytest.mark.timeout(600)
def test_whatever_is_on_its_way_while_somebody_signs_out_they_are_out(servers):
    """Fifty times: a form is saved at one server while its sender signs out at the other."""
    alive = saved = 0
    for number in range(RACES):
        ports = servers[0].port, servers[1].port, servers[0].port
        with ThreadPoolExecutor(2) as at_once, ExitStack() as stack:
            here, there, late = (stack.enter_context(Browser(port)) for port in ports)
            here.ask("/sign-in")
            status, _where, page = here.ask("/sign-in", {"email": f"{number}.{EMAIL}", "password": PASSWORD})
            assert status == 302, page
            here.ask("/organisations/new")
            there.cookie, there.token, late.cookie = here.cookie, here.token, here.cookie
            body = {"name": f"Body {number}", "kind": "nhs_trust", "submission": new_key()}
            saving = at_once.submit(here.ask, "/organisations/new", body)
            leaving = at_once.submit(there.ask, "/sign-out", {})
            assert leaving.result()[0] == 302
            saved += saving.result()[1].startswith("/organisations/")
            alive += late.ask("/account")[0] == 200

    print(f"\n{RACES} races of signing out with saving: {saved} saved before, {alive} alive after")
    assert alive == 0
    assert saved > 0
