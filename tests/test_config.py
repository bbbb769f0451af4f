from __future__ import annotations

import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from config import ConfigError, Office, from_environment, remember_office

GOOD = {
    "OFFICE": "production",
    "SECRET_KEY": "q8Jd-2mZr0xWv5Yt7Lp1Kc9Hb3Nf6Gs4",
    "BASE_URL": "https://casework.office.example",
    "MAIL": "smtps://office:secret@mail.office.example",
    "MAIL_FROM": "no-reply@office.example",
}


def test_production_starts_when_it_is_told_everything(tmp_path):
    config = from_environment(GOOD | {"DATA_DIR": str(tmp_path), "PORT": "8080", "PROXIES": "1"})

    assert (config.OFFICE, config.PORT, config.PROXIES) == (Office.PRODUCTION, 8080, 1)
    assert config.TRUSTED_HOSTS == ["casework.office.example"]
    assert f"sqlite:///{tmp_path / 'production.db'}" == config.DATABASE_URL
    assert GOOD["SECRET_KEY"] not in repr(config)
    assert GOOD["MAIL"] not in repr(config)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "changeme"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "x" * 40}, "Set SECRET_KEY"),
        ({"BASE_URL": ""}, "Set BASE_URL"),
        ({"BASE_URL": "http://casework.office.example"}, "Set BASE_URL"),
        ({"NOW": "2026-03-21T23:40+00:00"}, "NOW moves the clock"),
        ({"OFFICE": "play"}, "OFFICE must be one of"),
        ({"PORT": "eighty"}, "PORT must be a whole number"),
        ({"PROXIES": "-1"}, "PROXIES must be a whole number"),
        ({"MAIL": ""}, "Set MAIL"),
        ({"MAIL": "pigeon://loft"}, "MAIL must be"),
        ({"MAIL": "file://"}, "MAIL must be"),
        ({"MAIL": "console:"}, "Set MAIL"),
        ({"MAIL": "smtp:"}, "MAIL must be"),
        ({"MAIL": "smtp://mail.office.example:post"}, "MAIL must be"),
        ({"MAIL_FROM": ""}, "Set MAIL_FROM"),
        ({"MAIL_FROM": "the office"}, "Set MAIL_FROM"),
    ],
)
def test_production_refuses_what_is_missing_or_only_for_trying_out(tmp_path, wrong, sentence):
    with pytest.raises(ConfigError, match=sentence):
        from_environment(GOOD | {"DATA_DIR": str(tmp_path)} | wrong)


def test_outside_production_a_secret_is_made_once_and_kept_for_its_owner_only(tmp_path):
    settings = {"OFFICE": "trial", "DATA_DIR": str(tmp_path)}

    first, second = from_environment(settings), from_environment(settings)

    assert first.SECRET_KEY == second.SECRET_KEY
    assert len(first.SECRET_KEY) > 40
    assert os.stat(tmp_path / "secret").st_mode & 0o777 == 0o600


def test_processes_that_start_at_once_for_the_first_time_agree_on_a_secret(tmp_path, monkeypatch):
    made = secrets.token_urlsafe
    monkeypatch.setattr(secrets, "token_urlsafe", lambda length: (time.sleep(0.05), made(length))[1])
    together = Barrier(4)

    def start(_number):
        together.wait()
        return from_environment({"OFFICE": "trial", "DATA_DIR": str(tmp_path)}).SECRET_KEY

    with ThreadPoolExecutor(4) as processes:
        kept = set(processes.map(start, range(4)))

    assert len(kept) == 1
    assert len(*kept) > 40
    assert [path.name for path in tmp_path.iterdir() if "secret" in path.name] == ["secret"]


def test_a_secret_is_made_also_where_files_have_no_second_names(tmp_path, monkeypatch):
    def refused(*_paths):
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    settings = {"OFFICE": "trial", "DATA_DIR": str(tmp_path)}

    first, second = from_environment(settings), from_environment(settings)

    assert first.SECRET_KEY == second.SECRET_KEY
    assert len(first.SECRET_KEY) > 40
    assert [path.name for path in tmp_path.iterdir() if "secret" in path.name] == ["secret"]


def test_a_folder_remembers_which_office_was_served_from_it_but_never_production(tmp_path):
    data = {"DATA_DIR": str(tmp_path)}
    remember_office(Office.PRODUCTION, tmp_path)
    with pytest.raises(ConfigError):
        from_environment(data)

    remember_office(Office.TRIAL, tmp_path)

    assert from_environment(data).OFFICE is Office.TRIAL
    assert from_environment(data | {"OFFICE": "demonstration"}).OFFICE is Office.DEMONSTRATION


def test_time_can_be_said_to_start_anywhere_outside_production(tmp_path):
    config = from_environment({"OFFICE": "trial", "DATA_DIR": str(tmp_path), "NOW": "2026-03-21T23:40+00:00"})

    assert datetime(2026, 3, 21, 23, 40, tzinfo=UTC) == config.NOW
    with pytest.raises(ConfigError, match="NOW must be an instant"):
        from_environment({"OFFICE": "trial", "DATA_DIR": str(tmp_path), "NOW": "yesterday"})


def test_evidence_is_kept_in_a_bucket_only_by_its_whole_address(tmp_path):
    given = {"OFFICE": "trial", "DATA_DIR": str(tmp_path)}

    assert from_environment(given).FILES == ""
    assert from_environment(given | {"FILES": "s3://bucket/office"}).FILES == "s3://bucket/office"
    for address in ("s3://", "s3:///office", "/a/folder", "https://host/bucket"):
        with pytest.raises(ConfigError, match="FILES must be s3://bucket/prefix"):
            from_environment(given | {"FILES": address})
