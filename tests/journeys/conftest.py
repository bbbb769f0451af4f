"""A served demonstration office, and browsers to visit it with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from app.demonstration.office import PASSWORD
from tests import databases

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def office(request, tmp_path_factory) -> Iterator[str]:
    """The address of a demonstration office that `flask serve` serves, on the database asked for."""
    data = tmp_path_factory.mktemp("office")
    kind = request.config.getoption("--database")
    with databases.empty(kind, data) as url, (data / "log").open("w") as log:
        environ = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "NOW"}}
        environ |= {"OFFICE": "demonstration", "DATA_DIR": str(data), "PORT": str(_free_port())}
        environ |= {"DATABASE_URL": url, "MAIL": "file:"}
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            cwd=PROJECT,
            env=environ,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{environ['PORT']}"
            _wait_for(f"{address}/health", server, data / "log")
            yield address
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture
def sign_in(browser, office):
    """Sign somebody in, in a browser of their own: `sign_in("manager@office.example")`."""
    contexts = []

    def go(email: str):
        context = browser.new_context(base_url=office)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():  # whoever looks at once looks at the page that comes, not at this one
            page.get_by_role("button", name="Sign in").click()
        return page

    yield go
    for context in contexts:
        context.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())
