"""Settings, read once from the environment. Every setting the service knows is listed here.

`OFFICE` says what kind of office this is. Outside production, whatever is missing is made up
sensibly and kept in `DATA_DIR`; production must be told, and refuses what is only for trying out.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
SAMPLE_SECRETS = frozenset({"secret", "changeme", "change-me", "sample", "not-a-secret", "dev"})
SHORTEST_SECRET = 32
#: Of the demonstration office: a number that is kept for stories, and a street that is none.
INVENTED_ADDRESS, INVENTED_NUMBER = "1 Example Street, Eastmarch", "01632 960001"
REMEMBERED = "office"
SEE = " see README.md, “Settings”."


class ConfigError(RuntimeError):
    """The settings do not describe a runnable service. The message says what to do."""


class Office(StrEnum):
    """What kind of office this is."""

    DEMONSTRATION = "demonstration"
    TRIAL = "trial"
    PRODUCTION = "production"


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings as the application reads them, by these names."""

    OFFICE: Office
    OFFICE_NAME: str = "Office of the Health Ombudsman"
    DATA_DIR: Path
    DATABASE_URL: str
    SECRET_KEY: str = field(repr=False)
    FILES: str = ""
    BASE_URL: str = ""
    HOST: str = "127.0.0.1"
    PORT: int = 8000
    PROXIES: int = 0
    NOW: datetime | None = None
    MAIL: str = field(default="console:", repr=False)
    MAIL_FROM: str = "no-reply@localhost"
    QUEUE: str = field(default="", repr=False)
    REASONS_TO_OPEN: str = "restricted"
    DRAFT_DAYS: int = 90
    OFFICE_ADDRESS: str = ""
    OFFICE_TELEPHONE: str = ""
    FORM_DAYS: int = 30
    FORMS_PER_NETWORK: int = 20
    FORMS_PER_HOUR: int = 500
    FORM_FILE_LIMIT: int = 20 * 1024 * 1024
    FORM_FILES_LIMIT: int = 100 * 1024 * 1024
    FORMS_WAITING_MB: int = 2048
    CLAMD: str = ""
    OIDC_ISSUER: str = ""
    OIDC_CLIENT_ID: str = ""
    OIDC_CLIENT_SECRET: str = field(default="", repr=False)
    OIDC_ROLES: str = ""
    BREACHED_PASSWORDS: Path | None = None
    DIGEST_HOUR: int = 7
    DUE_SOON_DAYS: tuple[int, ...] = (14, 3)
    EVIDENCE_FILE_MB: int = 2048
    EVIDENCE_CASE_MB: int = 51_200
    UPLOAD_DAYS: int = 7
    UPLOAD_LIMIT: int = 100 * 1024 * 1024
    MAX_CONTENT_LENGTH: int = 110 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE: int = 4 * 1024 * 1024
    MAX_FORM_PARTS: int = 1000
    PASSWORD_MEMORY_KIB: int = 64 * 1024
    PASSWORD_ROUNDS: int = 3
    WTF_CSRF_TIME_LIMIT: None = None  # a form lives as long as the session it was drawn for
    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    TESTING: bool = False

    @property
    def ADDRESS(self) -> str:  # noqa: N802 (a setting like the others)
        """Where people reach this office, for links in messages."""
        return self.BASE_URL or f"http://localhost:{self.PORT}"

    @property
    def SECOND_FACTOR_REQUIRED(self) -> bool:  # noqa: N802 (a setting like the others)
        """Whether everybody shows a second factor: everywhere but where all is invented."""
        return self.OFFICE is not Office.DEMONSTRATION

    @property
    def TRUSTED_HOSTS(self) -> list[str]:  # noqa: N802 (the name Flask reads)
        """The hosts this service answers to: its own address, and loopback outside production."""
        hosts = [urlsplit(self.BASE_URL).hostname] if self.BASE_URL else []
        loopback = ["localhost", "127.0.0.1", "[::1]"] if self.OFFICE is not Office.PRODUCTION else []
        return [*(host for host in hosts if host), *loopback]


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """The settings of this process. Raises `ConfigError` with what to set, and how."""
    data_dir = Path(environ.get("DATA_DIR") or HERE / "instance").resolve()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    office = _office(environ, data_dir)
    database = environ.get("DATABASE_URL") or f"sqlite:///{data_dir / f'{office}.db'}"
    return Config(
        OFFICE=office,
        OFFICE_NAME=environ.get("OFFICE_NAME") or Config.OFFICE_NAME,
        DATA_DIR=data_dir,
        DATABASE_URL=database,
        SECRET_KEY=_secret(environ, office, data_dir),
        FILES=_files(environ),
        BASE_URL=_base_url(environ, office),
        HOST=environ.get("HOST") or Config.HOST,
        PORT=_whole(environ, "PORT", Config.PORT, 65535),
        PROXIES=_whole(environ, "PROXIES", Config.PROXIES, 5),
        NOW=_now(environ, office),
        MAIL=_mail(environ, office, data_dir),
        MAIL_FROM=_mail_from(environ, office),
        REASONS_TO_OPEN=_reasons(environ),
        OFFICE_ADDRESS=environ.get("OFFICE_ADDRESS") or INVENTED_ADDRESS * (office is Office.DEMONSTRATION),
        OFFICE_TELEPHONE=environ.get("OFFICE_TELEPHONE")
        or INVENTED_NUMBER * (office is Office.DEMONSTRATION),
        FORM_DAYS=_whole(environ, "FORM_DAYS", Config.FORM_DAYS, 365),
        FORMS_PER_NETWORK=_whole(environ, "FORMS_PER_NETWORK", Config.FORMS_PER_NETWORK, 100_000),
        FORMS_PER_HOUR=_whole(environ, "FORMS_PER_HOUR", Config.FORMS_PER_HOUR, 1_000_000),
        FORMS_WAITING_MB=_whole(environ, "FORMS_WAITING_MB", Config.FORMS_WAITING_MB, 1_000_000),
        EVIDENCE_FILE_MB=_whole(environ, "EVIDENCE_FILE_MB", Config.EVIDENCE_FILE_MB, 1_000_000),
        EVIDENCE_CASE_MB=_whole(environ, "EVIDENCE_CASE_MB", Config.EVIDENCE_CASE_MB, 10_000_000),
        UPLOAD_DAYS=_whole(environ, "UPLOAD_DAYS", Config.UPLOAD_DAYS, 365),
        DRAFT_DAYS=_whole(environ, "DRAFT_DAYS", Config.DRAFT_DAYS, 3650),
        BREACHED_PASSWORDS=Path(breached) if (breached := environ.get("BREACHED_PASSWORDS")) else None,
        DIGEST_HOUR=_whole(environ, "DIGEST_HOUR", Config.DIGEST_HOUR, 23),
        DUE_SOON_DAYS=_days(environ, "DUE_SOON_DAYS", Config.DUE_SOON_DAYS),
        CLAMD=_scanner(environ),
        QUEUE=environ.get("QUEUE") or queue_beside(database, data_dir),
        **_single_sign_on(environ, office),
    )


def remember_office(office: Office, data_dir: Path) -> None:
    """Keep which office is served from this folder, so that commands meant for it need not be told.

    Production is never remembered: it is what is assumed of a folder that says nothing.
    """
    if office is not Office.PRODUCTION:
        (data_dir / REMEMBERED).write_text(office)


def _office(environ: Mapping[str, str], data_dir: Path) -> Office:
    file = data_dir / REMEMBERED
    remembered = file.read_text().strip() if file.exists() else Office.PRODUCTION
    try:
        return Office(environ.get("OFFICE") or remembered)
    except ValueError:
        raise ConfigError("OFFICE must be one of demonstration, trial and production;" + SEE) from None


def _secret(environ: Mapping[str, str], office: Office, data_dir: Path) -> str:
    secret = environ.get("SECRET_KEY", "")
    if office is Office.PRODUCTION:
        if len(secret) < SHORTEST_SECRET or secret.lower() in SAMPLE_SECRETS or len(set(secret)) < 8:
            raise ConfigError(
                f"Set SECRET_KEY to at least {SHORTEST_SECRET} random characters, for example the answer of"
                ' python3 -c "import secrets; print(secrets.token_urlsafe(48))"; see README.md, “Settings”.'
            )
        return secret
    return secret or _kept_secret(data_dir / "secret")


def _files(environ: Mapping[str, str]) -> str:
    """The bucket in which evidence is kept; nothing for a folder of `DATA_DIR`."""
    files = environ.get("FILES", "")
    if files and not (files.startswith("s3://") and urlsplit(files).netloc):
        raise ConfigError("FILES must be s3://bucket/prefix, or nothing to keep files in DATA_DIR;" + SEE)
    return files


def _reasons(environ: Mapping[str, str]) -> str:
    """When staff are asked why they open a case."""
    asked = environ.get("REASONS_TO_OPEN") or Config.REASONS_TO_OPEN
    if asked not in {"restricted", "not-mine"}:
        raise ConfigError("REASONS_TO_OPEN must be restricted or not-mine;" + SEE)
    return asked


def _kept_secret(file: Path) -> str:
    """The random secret kept in `file`, made the first time. Two processes starting at once agree."""
    if not file.exists():
        mine = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
        try:
            os.link(mine, file)
        except FileExistsError:
            pass  # another was faster: theirs is whole, as ours would have been
        except (
            OSError
        ):  # this file system gives no second names: of two that start at once, the last one counts
            mine.replace(file)
        mine.unlink(missing_ok=True)
    return file.read_text()


def _scanner(environ: Mapping[str, str]) -> str:
    """Where ClamAV listens: the path of a socket, or host:port. Empty: nothing is scanned, and everybody is told so."""
    address = environ.get("CLAMD", "")
    host, _, port = address.rpartition(":")
    if address and not address.startswith("/") and not (host and port.isascii() and port.isdigit()):
        raise ConfigError(
            "CLAMD must be the path of a socket, such as /run/clamav/clamd.ctl, or host:port;" + SEE
        )
    return address


def _base_url(environ: Mapping[str, str], office: Office) -> str:
    address = environ.get("BASE_URL", "").rstrip("/")
    if office is Office.PRODUCTION and urlsplit(address).scheme != "https":
        raise ConfigError("Set BASE_URL to the https:// address at which people reach this office;" + SEE)
    return address


def queue_beside(database: str, data_dir: Path) -> str:
    """Where nudges for the worker go: into the same PostgreSQL, or for SQLite into a file of `data_dir`."""
    return f"sqlite:///{data_dir / 'queue.db'}" if database.startswith("sqlite") else database


def _mail(environ: Mapping[str, str], office: Office, data_dir: Path) -> str:
    mail = environ.get("MAIL", "")
    if office is Office.PRODUCTION and (not mail or mail.startswith("console:")):
        raise ConfigError("Set MAIL to who carries messages, such as smtps://name:password@host;" + SEE)
    if mail == "file:":
        return (data_dir / "mail").as_uri()
    if mail and not _names_a_carrier(mail):
        raise ConfigError(
            "MAIL must be console:, file:, file:///a/folder, smtp://host or smtps://host;" + SEE
        )
    return mail or Config.MAIL


def _names_a_carrier(mail: str) -> bool:
    address = urlsplit(mail)
    try:
        is_a_host = bool(address.hostname) and address.port != 0
    except ValueError:  # the port is none
        return False
    known = {"console": True, "file": bool(address.path), "smtp": is_a_host, "smtps": is_a_host}
    return known.get(address.scheme, False)


def _mail_from(environ: Mapping[str, str], office: Office) -> str:
    sender = environ.get("MAIL_FROM", "")
    if "@" not in sender and (sender or office is Office.PRODUCTION):
        raise ConfigError("Set MAIL_FROM to the address that messages come from;" + SEE)
    return sender or Config.MAIL_FROM


def _days(environ: Mapping[str, str], name: str, otherwise: tuple[int, ...]) -> tuple[int, ...]:
    """Numbers of days, separated by commas: ten at most, each from 0 to 366."""
    words = environ.get(name)
    if not words:
        return otherwise
    parts = [part.strip() for part in words.split(",")]
    if len(parts) > 10 or not all(
        p.isascii() and p.isdigit() and len(p) < 4 and int(p) <= 366 for p in parts
    ):
        raise ConfigError(f"{name} must be whole numbers of days up to 366, such as 14,3;" + SEE)
    return tuple(int(part) for part in parts)


def _single_sign_on(environ: Mapping[str, str], office: Office) -> dict[str, Any]:
    """The issuer of a single sign-on, all of it or nothing."""
    given = {
        "OIDC_ISSUER": environ.get("OIDC_ISSUER", ""),
        "OIDC_CLIENT_ID": environ.get("OIDC_CLIENT_ID", ""),
        "OIDC_CLIENT_SECRET": environ.get("OIDC_CLIENT_SECRET", ""),
    }
    roles = environ.get("OIDC_ROLES", "")
    if not any(given.values()) and not roles:
        return {}
    if missing := ", ".join(name for name, value in given.items() if not value):
        raise ConfigError(f"Single sign-on takes three settings together. Set {missing} too;{SEE}")
    address = urlsplit(given["OIDC_ISSUER"])
    is_near = address.hostname in {"localhost", "127.0.0.1"} and office is not Office.PRODUCTION
    if address.scheme != "https" and not is_near:
        raise ConfigError("OIDC_ISSUER must be an https:// address;" + SEE)
    _claim, *pairs = roles.split() or [""]
    if (roles and not pairs) or not all("=" in pair for pair in pairs):
        raise ConfigError("OIDC_ROLES must be a claim and what it gives: groups cases=caseworker;" + SEE)
    return given | {"OIDC_ROLES": roles}


def _whole(environ: Mapping[str, str], name: str, otherwise: int, highest: int) -> int:
    words = environ.get(name) or str(otherwise)
    if not (words.isascii() and words.isdigit() and int(words) <= highest):
        raise ConfigError(f"{name} must be a whole number from 0 to {highest};" + SEE)
    return int(words)


def _now(environ: Mapping[str, str], office: Office) -> datetime | None:
    words = environ.get("NOW")
    if not words:
        return None
    if office is Office.PRODUCTION:
        raise ConfigError("NOW moves the clock, and is refused in production. Remove it.")
    try:
        start = datetime.fromisoformat(words)
    except ValueError:
        raise ConfigError("NOW must be an instant such as 2026-03-21T23:40+00:00.") from None
    return start if start.tzinfo else start.replace(tzinfo=UTC)
