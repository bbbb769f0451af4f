"""Messages of hospital systems, made for a test: of the person the tests know, unless said otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

#: Real files and what was made from them, where they are kept beside the project.
SHARED = next(
    (p / "shared/data" for p in Path(__file__).parents if (p / "shared/data").is_dir()), Path("none")
)

HEADER = r"MSH|^~\&|RIS|XEM|CASEWORK|OMB|20210111120000||{kind}|{control}|P|2.4"
PATIENT = "PID|1||9990000018^^^NHS^NH~EM77^^^XEM^MR||TESTER^ANN^MARY||19480312|F"


def result(*, control: str = "M1", status: str = "F", reported: str = "20210111113000", **said: Any) -> str:
    """A result (ORU^R01) about a chest X-ray."""
    performed = said.get("performed", "20210111104500")
    lines = [
        HEADER.format(kind="ORU^R01", control=control),
        said.get("patient", PATIENT),
        f"OBR|1|ORD1|EM1R^RIS|XCHES^XR Chest^NICIP|||{performed}|||||||||||EM1||||{reported}|||{status}",
        rf"OBX|1|FT|XCHES&IMP^Impression^NICIP|1|{said.get('words', 'No effusion.')}||||||{said.get('finding', 'F')}",
        *said.get("more", ()),
    ]
    return "\r".join(lines) + "\r"


def order(*, control: str = "O1", placed: str = "20210104090000", does: str = "NW", **said: Any) -> str:
    """An order (ORM^O01) for a chest X-ray."""
    lines = [
        HEADER.format(kind="ORM^O01", control=control),
        said.get("patient", PATIENT),
        f"ORC|{does}|ORD1|||||||{placed}",
        "OBR|1|ORD1|EM1R^RIS|XCHES^XR Chest^NICIP" + said.get("received", ""),
    ]
    return "\r".join(lines) + "\r"


def happened(message: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """What a message says happened: the kind, the time as given, where it stands, and the note."""
    return [(e["kind"], e["moment"]["given"], e["place"], e["note"]) for e in message["events"]]


def report(**said: Any) -> str:
    """A FHIR report as JSON, with its patient contained in it."""
    whole: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "contained": [
            {
                "resourceType": "Patient",
                "id": "p1",
                "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
                "name": [{"family": "Tester", "given": ["Ann"]}],
                "birthDate": "1948-03-12",
            }
        ],
        "status": "final",
        "code": {"text": "XR Chest"},
        "subject": {"reference": "#p1"},
        "issued": "2021-01-11T11:30:00+00:00",
        "conclusion": "No effusion.",
    }
    return json.dumps({name: value for name, value in (whole | said).items() if value is not None})
