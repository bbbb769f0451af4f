"""What others have published, as rows of our own file of complaints: see docs/importing.md.

Nothing is guessed: a day that is known to the month or the year only says so, and names of
organisations stay as they were written.
"""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Callable
from typing import Any

from app.reference.lists import offered_modalities

Cells = dict[str, str]


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
        "modality": label if label in offered_modalities() else "",
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
