"""A server that is killed in the middle of uploads loses nothing it has acknowledged (F01, H1).

After the sweep no row is without its file, and no file without its row. `THOROUGH=1` kills it 500 times.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from sqlalchemy import select

from app import create_app
from app.accounts import passwords
from app.accounts.models import Role
from app.cases.models import CaseStage
from app.cli.database import alembic_config
from app.core import clock
from app.database import db
from app.evidence.models import Document
from app.receiving import arriving
from app.receiving.models import Upload, UploadState
from config import Config, Office
from tests import databases
from tests.factories import Make
from tests.receiving.conftest import begin

PROJECT = Path(__file__).parents[2]
KILLS = 500 if os.environ.get("THOROUGH") else 20
PART, EMAIL, PASSWORD = 64 * 1024, "sender@office.example", "a password for tests"
SECRET = "x" * 8 + "abcdefgh" * 5
SERVER = f"""
import sys
from waitress import serve
from app import create_app
from app.receiving import arriving
arriving.PART = {PART}
serve(create_app(), host="127.0.0.1", port=int(sys.argv[1]), threads=4)
"""


class Server:
    """The service in a process of its own, which can be killed and started again at the same port."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environ, self.log = environ, log
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVER, str(self.port)],
                cwd=PROJECT,
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        for _ in range(600):
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urlopen(f"{self.address}/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Sending(Thread):
    """Somebody who sends one file after another, going on after each kill, and keeps a ledger."""

    def __init__(self, server: Server, deliveries: str, delivery: str, number: int, over: Event) -> None:
        super().__init__()
        self.server, self.deliveries, self.delivery = server, deliveries, delivery
        self.number, self.over = number, over
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.entered: list[str] = []
        self.lost: list[str] = []
        self.parts = 0
        page = self._read(f"{server.address}/sign-in").decode()
        form = {"email": EMAIL, "password": PASSWORD, "csrf_token": self._token(page)}
        self._read(f"{server.address}/sign-in", urlencode(form).encode())
        page = self._read(f"{server.address}{deliveries}/{delivery}/files").decode()
        self.token = self._token(page)

    def run(self) -> None:
        chance = random.Random(self.number)
        while not self.over.is_set():
            self._send(chance.randbytes(chance.randint(1, 6 * PART)), f"{self.number}-{chance.random()}.bin")

    def _send(self, content: bytes, name: str) -> None:
        sha256, acknowledged, far = hashlib.sha256(content).hexdigest(), 0, None
        while not self.over.is_set():
            try:
                if far is None:
                    told = {"place": name, "bytes": len(content), "modified": "1"}
                    address = f"{self.server.address}{self.deliveries}/{self.delivery}/uploads"
                    far = json.loads(self._read(address, urlencode(told).encode()))
                    if far["received"] < acknowledged:
                        self.lost.append(name)
                else:
                    start = far["received"] // PART
                    part = content[start * PART : (start + 1) * PART]
                    far = json.loads(self._read(f"{self.server.address}{far['parts']}{start}", part))
                    self.parts += 1
            except (OSError, HTTPException):
                far = None
                time.sleep(0.05)
                continue
            acknowledged = far["received"]
            if far["state"] == "entered":
                self.entered.append(sha256)
                return

    def _read(self, address: str, body: bytes | None = None) -> bytes:
        request = Request(address, body)
        if hasattr(self, "token"):
            request.add_header("X-CSRFToken", self.token)
            if address[-1].isdigit():
                request.add_header("Content-Type", "application/octet-stream")
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.read()
        except HTTPError as refused:
            with refused:
                said = refused.read()
            if refused.code != 409:  # 503: busy, as after any kill
                raise OSError(refused.code, said[:300]) from None
            return said

    @staticmethod
    def _token(page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found, page[:300]
        return found[1]


@pytest.fixture
def killed(request, tmp_path, monkeypatch):
    """The office, its server and the address at which its case takes deliveries."""
    from alembic import command

    with databases.empty(request.config.getoption("--database"), tmp_path) as url:
        app = create_app(
            Config(OFFICE=Office.DEMONSTRATION, DATA_DIR=tmp_path, DATABASE_URL=url, SECRET_KEY=SECRET)
        )
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            with db.unit_of_work() as session:
                make = Make(session)
                hashed = passwords.hash_of(PASSWORD)
                sender = make.account(Role.INVESTIGATOR, email=EMAIL, password_hash=hashed)
                case = make.case(CaseStage.DETAILED_INVESTIGATION, whole=False, owner=sender)
                delivery = begin(session, case, sender).key
                deliveries = f"/cases/{case.reference}/deliveries"
            db.dispose()
        environ = {**os.environ, "OFFICE": "demonstration", "DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET}
        server = Server(environ | {"DATABASE_URL": url}, tmp_path / "log")
        server.start()
        yield app, server, deliveries, delivery
        if server.process.poll() is None:
            server.kill()
        with app.app_context():
            db.dispose()


@pytest.mark.timeout(120 + 30 * KILLS)  # against hanging, not a measure
def test_a_server_killed_during_uploads_loses_nothing_it_acknowledged(killed):
    app, server, deliveries, delivery = killed
    over, chance = Event(), random.Random(5)
    senders = [Sending(server, deliveries, delivery, number, over) for number in range(3)]
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.02, 0.5))
        server.kill()
        server.start()
    over.set()
    for sender in senders:
        sender.join()
    server.kill()

    entered = [sha256 for sender in senders for sha256 in sender.entered]
    assert [sender.lost for sender in senders] == [[], [], []]
    assert entered
    with app.app_context():
        left_over = _sweep_after_a_week(app)
        session, files = db.session, app.extensions["files"]
        rows = session.scalars(select(Document.sha256)).all()
        on_disk = {path.name for path in files.root.rglob("*") if path.is_file()}
        states = set(session.scalars(select(Upload.state)))
        db.close()
        assert set(entered) - set(rows) == set()
        assert len(rows) == len(set(rows))
        assert on_disk == set(rows)
        assert [sha256 for sha256 in rows if files.digest(sha256) != sha256] == []
        assert states <= {UploadState.ENTERED, UploadState.ABANDONED}
    parts = sum(sender.parts for sender in senders)
    print(
        f"\n{KILLS} kills: {parts} parts and {len(entered)} files acknowledged, none lost; {left_over} swept"
    )


def _sweep_after_a_week(app) -> int:
    """Let all that is left be old, and sweep; how many files the crashes had left."""
    files = app.extensions["files"]
    before = {path for path in files.root.rglob("*") if path.is_file()}
    for path in before:
        os.utime(path, (0, 0))
    with db.unit_of_work() as session:
        for upload in session.scalars(select(Upload).where(Upload.state == UploadState.ARRIVING)):
            upload.touched_at = clock.wall() - timedelta(days=30)
    arriving.sweep()
    for prefix in range(256):
        arriving.take_away_strays(f"{prefix:02x}")
    return len(before - {path for path in files.root.rglob("*") if path.is_file()})
