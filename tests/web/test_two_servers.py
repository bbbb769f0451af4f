"""A limit holds over two servers on one database: a thousand tries, and no more accepted than it says (G2)."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app import create_app
from app.accounts.limits import SIGN_IN_ALL, SIGN_IN_EMAIL
from app.accounts.models import Account
from app.cli.database import alembic_config
from app.database import db
from config import Config, Office
from tests import databases

PROJECT = Path(__file__).parents[2]
TRIES, EMAIL = 1000, "owner@office.example"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def servers(request, tmp_path):
    """Two servers as `flask serve` runs them, and the ports at which they answer."""
    from alembic import command

    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        settings = {
            "OFFICE": "trial",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": url,
            "SECRET_KEY": "x" * 8 + "abcdefgh" * 5,
        }
        app = create_app(
            Config(
                OFFICE=Office.TRIAL, DATA_DIR=tmp_path, DATABASE_URL=url, SECRET_KEY=settings["SECRET_KEY"]
            )
        )
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            with db.unit_of_work() as session:
                session.add(Account(email=EMAIL, name="Owner", password_hash="none"))
            db.engine.dispose()
        ports = [free_port(), free_port()]
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
                cwd=PROJECT,
                env={**os.environ, **settings, "PORT": str(port)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for port in ports
        ]
        try:
            for port in ports:
                _wait_for(port)
            yield ports
        finally:
            for process in running:
                process.kill()
                process.wait()


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


def tries(port: int, count: int) -> list[str]:
    """So many tries at the account by one stranger, over one connection; what each was told."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), answer.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    body = urlencode({"csrf_token": token.group(1), "email": EMAIL, "password": "not the password"})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    told = []
    for _ in range(count):
        connection.request("POST", "/sign-in", body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        looked_at, too_often = "the password is not right" in page, "too many attempts" in page
        told.append(
            f"{answer.status} {'looked at' if looked_at else 'too often' if too_often else page[:200]}"
        )
    connection.close()
    return told


@pytest.mark.timeout(600)
def test_a_thousand_tries_over_two_servers_are_within_the_limit(servers):
    began = time.time()
    with ThreadPoolExecutor(4) as strangers:
        told = [one for each in strangers.map(tries, servers * 2, [TRIES // 4] * 4) for one in each]
    window = SIGN_IN_EMAIL.window.total_seconds()
    windows = int(time.time() // window) - int(began // window) + 1

    looked_at, took = told.count("200 looked at"), time.time() - began
    print(f"\n{len(told)} tries over two servers in {took:.0f} s: {looked_at} looked at, {windows} window(s)")
    assert SIGN_IN_EMAIL.most <= looked_at <= SIGN_IN_EMAIL.most * windows
    assert told.count("200 too often") == TRIES - looked_at
    assert SIGN_IN_ALL.most >= TRIES
