"""Commands in the terminal, each with the words it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a command in a demonstration office of its own, on SQLite: what it says and how it ends."""
    data = tmp_path_factory.mktemp("office")
    environ = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "NOW"}}
    environ |= {"OFFICE": "demonstration", "DATA_DIR": str(data)}

    def go(*words: str, **settings: str) -> tuple[int, str]:
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-m", "flask", "--app", "wsgi", *words],
            cwd=PROJECT,
            env=environ | settings,
            capture_output=True,
            text=True,
            timeout=100,
        )
        return ended.returncode, (ended.stdout + ended.stderr).strip()

    go.data = data
    assert go("db", "upgrade") == (0, "")
    return go


def test_an_office_is_filled_once_and_its_record_and_evidence_verify(run):
    assert run("demonstration", "load") == (0, "The demonstration office is open.")
    ended, said = run("demonstration", "load")
    assert (ended, "This office is not empty" in said) == (1, True)

    ended, said = run("audit", "verify")
    assert (
        ended,
        bool(re.fullmatch(r"The record is whole: [\d,]{4,} entries, the last [0-9a-f]{64}\.", said)),
    ) == (0, True)
    ended, said = run("evidence", "verify")
    assert (ended, bool(re.fullmatch(r"[1-9]\d+ files looked at, 0 wrong\.", said))) == (0, True)

    [stored, *_rest] = sorted(path for path in (run.data / "files").rglob("*") if path.is_file())
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes() + b" ")
    ended, said = run("evidence", "verify")
    assert (ended, "its file is not what was received" in said) == (1, True)


def test_accounts_are_made_and_suspended_and_the_actor_is_named(run):
    make = ("accounts", "create", "new@office.example", "--name", "New", "--role", "caseworker", "--password")

    assert run(*make, "a long enough password") == (0, "New can sign in as new@office.example.")
    assert run(*make, "a long enough password")[1].endswith(
        "There is already an account for new@office.example."
    )
    assert "Use 12 characters or more" in run(*[*make[:2], "b@office.example", *make[3:]], "short")[1]
    assert run("accounts", "suspend", "new@office.example", "--as", "nobody@office.example")[0] == 1
    assert run("accounts", "suspend", "new@office.example", "--as", "administrator@office.example") == (
        0,
        "New cannot sign in any more.",
    )
    ended, said = run("accounts", "remove-second-factor", "manager@office.example")
    assert (ended, said.endswith("Maud Petherick has no second factor.")) == (1, True)


def test_the_register_is_loaded_from_a_file(run, tmp_path):
    file = tmp_path / "etr.csv"
    file.write_text("RAA,A NHS TRUST,Y60,QOC,1 WAY,,,TOWN,,ZZ99 3AZ,20100401,\n")
    load = ("organisations", "load", str(file), "--as-at", "2025-07-01")

    assert run(*load)[1] == (
        "1 organisations listed: 1 new, 0 changed. 0 are no longer listed in the newest file."
    )
    assert run(*load)[1] == "This very file has been loaded before. Nothing has changed."


def test_the_demonstration_clock_is_moved_for_all_and_nowhere_else(run):
    assert (
        run("demonstration", "move-clock", "2027-01-04T09:00")[1]
        == "It is 04 January 2027, 09:00 now, in UTC."
    )
    ended, said = run("demonstration", "move-clock", "2027-01-04", OFFICE="trial")
    assert (ended, "not a demonstration office" in said) == (1, True)


def test_a_production_office_that_is_not_told_its_secret_says_what_to_do(run):
    ended, said = run("audit", "verify", OFFICE="production")

    assert ended == 1
    assert said.startswith("Second Read cannot start. Set SECRET_KEY to at least 32 random characters")
