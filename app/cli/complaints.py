"""`flask complaints`: complaints from files, and files from what others have published."""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.cli.actor import acting, as_option
from app.complaints import loading
from app.core.errors import CaseworkError
from app.database import db
from app.reference.lists import modalities

complaints = AppGroup("complaints", help="Load complaints from a file.")

Cells = dict[str, str]


class DryRun(Exception):
    """All went well, and nothing of it is to be kept."""


@complaints.command(epilog="Example: flask --app wsgi complaints load complaints.csv --dry-run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Do everything, say what was done, and undo it.")
@as_option
def load(file: Path, *, dry_run: bool, email: str | None) -> None:
    """Load the complaints in FILE, a CSV as docs/importing.md describes it, all of them or none."""
    with file.open("rb") as opened:
        content = opened.read(loading.MOST_BYTES + 1)
    try:
        with db.unit_of_work() as session:
            loaded = loading.load(session, loading.read(content), actor=acting(email))
            if dry_run:
                raise DryRun
    except DryRun:
        click.echo("This was a dry run. Nothing has been kept of it:")
    except CaseworkError as refusal:
        raise click.ClickException(f"Nothing was loaded.\n{refusal}") from refusal
    click.echo(
        f"Rows in: {loaded.rows}. Allegations made: {loaded.allegations}."
        f" Organisations named: {loaded.matched} matched, {loaded.to_match} to be matched."
    )


@complaints.command(epilog="Example: flask --app wsgi complaints convert pfd reports.json complaints.csv")
@click.argument("kind", type=click.Choice(["pfd", "decisions"]))
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def convert(kind: str, source: Path, target: Path) -> None:
    """Write what SOURCE has published as a file that can be loaded, TARGET.

    KIND is what it holds: pfd, coroners' reports to prevent future deaths, in JSON; or decisions, those
    of other ombudsmen, in CSV. Read TARGET before you load it.
    """
    try:
        rows = KINDS[kind](source.read_text(encoding="utf-8-sig"))
        with target.open("x", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, loading.COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(rows)
    except FileExistsError as error:
        raise click.ClickException(f"{target} is there already. Name another file.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(
            f"{source} does not hold {kind}, as far as can be read: {error!r}"
        ) from error
    click.echo(f"{len(rows)} complaints written to {target}.")


def from_reports(text: str) -> list[Cells]:
    """Coroners' reports to prevent future deaths (regulation 28), as complaints received on their day."""
    return [_from_report(report) for report in json.loads(text)]


def _from_report(report: dict[str, Any]) -> Cells:
    addressees = [_plain(name) for name in report["addressees"]]
    label = _plain(report["modality"])
    facts = {
        "Report to prevent future deaths": report["ref"],
        "Coroner’s area": report["coroner_area"],
        "Sent to": "; ".join(addressees),
        "Imaging": label,
    }
    texts = ("circumstances", "concerns", "investigation")
    return {
        "source": "Prevention of future deaths reports",
        "reference": report["ref"],
        **_received(report["date_of_report"] or ""),
        "narrative": "\n\n".join(
            [_listed(facts), *(f"{name.title()}\n\n{_plain(report[name])}" for name in texts if report[name])]
        ),
        "issue": _plain(report["imaging_theme"]),
        "modality": label if label in modalities() else "",
        "organisations": "|".join(addressees).replace(";", "|"),
    }


#: What the decisions call a kind of imaging, where they name just one.
LABELS = {
    **dict.fromkeys(("CT", "CT head", "CT angiogram"), "CT"),
    **dict.fromkeys(("MRI", "MRI spine"), "MR"),
    **dict.fromkeys(
        ("X-ray", "chest X-ray", "ankle X-ray", "hip X-ray", "spine X-ray", "wrist X-ray"), "X-ray"
    ),
    "mammogram": "MG",
}

#: What a decision's columns are called in the narrative, in this order.
FACTS = {
    "ombudsman": "Decided by",
    "reference": "Their reference",
    "decided": "Decided (taken as the day of receipt)",
    "body": "About",
    "complainant_relation": "Complained",
    "modality": "Imaging",
    "imaging_date": "Imaging took place",
    "imaging_failing": "Imaging failing",
    "other_heads": "Other heads of complaint",
    "outcome": "Outcome",
    "remedies": "Remedies",
    "money_gbp": "Money in pounds",
    "deadline": "Time given",
    "url": "Published at",
}


def from_decisions(text: str) -> list[Cells]:
    """Decisions of ombudsmen on imaging, as complaints received on the day of the decision."""
    return [
        {
            "source": "Ombudsman decisions on imaging",
            "reference": decision["id"],
            **_received(decision["decided"]),
            "narrative": _listed({label: decision[column] for column, label in FACTS.items()}),
            "issue": _plain(decision["imaging_failing"]),
            "modality": LABELS.get(_plain(decision["modality"]), ""),
            "organisations": _plain(decision["body"]),
        }
        for decision in csv.DictReader(text.splitlines(keepends=True), strict=True)
    ]


KINDS: dict[str, Callable[[str], list[Cells]]] = {"pfd": from_reports, "decisions": from_decisions}


def _received(told: str) -> Cells:
    """A day as it is; a month or a year as its first day, and marked as no more than that."""
    precision = {0: "not_known", 4: "year", 7: "month"}.get(len(told), "day")
    rest = {"year": "-01-01", "month": "-01"}.get(precision, "")
    return {"received_on": told + rest, "received_precision": precision}


def _plain(text: str) -> str:
    return html.unescape(text)


def _listed(facts: dict[str, str]) -> str:
    return "\n".join(f"{label}: {_fact(told)}" for label, told in facts.items() if told)


def _fact(told: str) -> str:
    """Addresses stand as they are: to some readers the end of one looks like an entity."""
    return told if told.startswith("http") else _plain(told)
