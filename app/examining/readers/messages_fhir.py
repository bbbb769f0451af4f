"""FHIR R4 resources: studies, reports, requests and patients, alone or in a bundle, each a message of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from . import Unreadable
from .messages_told import FHIR_TIME, cleaned, day, event, moment, patient, prose
from .messages_tree import Node, first, nodes, tree

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
READ = ("ImagingStudy", "DiagnosticReport", "ServiceRequest", "Patient")
#: What the status of a report makes of it; of any other status there is no report.
REPORTS = {
    "partial": "provisional_read",
    "preliminary": "provisional_read",
    "final": "reported",
    "amended": "corrected",
    "corrected": "corrected",
    "appended": "corrected",
}
#: What is taken back never happened, as far as the message tells.
TAKEN_BACK = {"entered-in-error", "cancelled", "revoked"}


def messages(content: bytes) -> list[dict[str, Any]]:
    """What the resource says, or each that we read in a bundle. Raises `Unreadable`."""
    resource = tree(content)
    kind = first(resource, "resourceType")
    if kind != "Bundle":
        if kind not in READ:
            raise Unreadable(
                f"This is a FHIR resource {cleaned(kind, 40)}: it is kept, and not read. This office reads"
                f" {', '.join(READ)}, and bundles of them."
            )
        return [_told(resource, kind, [("", resource)])]
    entries = [
        (first(entry, "fullUrl"), one)
        for entry in nodes(resource, "entry")
        for one in nodes(entry, "resource")
    ]
    told = [
        _told(one, f"entry[{number}]", entries, first(resource, "id"))
        for number, (_url, one) in enumerate(entries, 1)
        if first(one, "resourceType") in READ
    ]
    if not told:
        raise Unreadable(f"This FHIR bundle is kept, and not read: it holds none of {', '.join(READ)}.")
    return told


def _told(resource: Node, at: str, entries: list[tuple[str, Node]], bundle: str = "") -> dict[str, Any]:
    kind, version = first(resource, "resourceType"), first(resource, "meta", "versionId")
    key = first(resource, "id") or first(resource, "identifier", "value")
    sent = moment(first(resource, "meta", "lastUpdated"), FHIR_TIME)
    notes = [f"It came in the bundle {cleaned(bundle)}."] if bundle else []
    control = f"{kind}/{key}" + (f"/_history/{version}" if version else "") if key else ""
    return {
        "kind": kind,
        "sender": cleaned(first(resource, "meta", "source") or first(resource, "performer", "display")),
        "control_id": cleaned(control),
        "sent": sent["given"] if sent else "",
        "digest": hashlib.sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest(),
        "patient": _patient(resource, kind, entries, notes),
        "about": cleaned(_about(resource)),
        "numbers": [cleaned(one) for one in _numbers(resource)],
        "study_uid": cleaned(_study_uid(resource)),
        "status": cleaned(first(resource, "status")),
        "events": _events(resource, kind, at, notes),
        "notes": notes,
    }


def _about(resource: Node) -> str:
    series = [first(one, "modality", "code") for one in nodes(resource, "series")]
    return (
        first(resource, "code", "text")
        or first(resource, "code", "coding", "display")
        or first(resource, "description")
        or " ".join(
            filter(
                None,
                ("/".join(dict.fromkeys(filter(None, series))), first(resource, "series", "description")),
            )
        )
    )


def _numbers(resource: Node) -> list[str]:
    """The accession number, wherever it is said to be one."""
    theirs = [
        first(one, "value")
        for one in nodes(resource, "identifier")
        if first(one, "type", "coding", "code") == "ACSN"
    ]
    return list(dict.fromkeys(filter(None, theirs)))[:5]


def _study_uid(resource: Node) -> str:
    uids = (first(o, "value") for o in nodes(resource, "identifier") if first(o, "system") == "urn:dicom:uid")
    return next(uids, "").removeprefix("urn:oid:")


def _events(resource: Node, kind: str, at: str, notes: list[str]) -> list[dict[str, Any]]:
    status = first(resource, "status")
    if status in TAKEN_BACK:
        notes.append(f"Its status is {status}: it proposes nothing.")
        return []
    wanted: list[tuple[str, str, tuple[str, ...]]] = []
    if kind == "ImagingStudy":
        wanted.append(("performed", "started", ("started",)))
    if kind == "ServiceRequest":
        wanted.append(("requested", "authoredOn", ("authoredOn",)))
    if kind == "DiagnosticReport":
        wanted += _of_report(resource, status, notes)
    events = []
    words = prose("\n".join(filter(None, (first(resource, "conclusion"), _about(resource)))))
    for what, place, path in wanted:
        given = first(resource, *path)
        when = moment(given, FHIR_TIME)
        if when:
            late = ["The report does not say when it was issued: this is when it was last changed."]
            events.append(event(what, when, f"{at}.{place}", words, late if path[0] == "meta" else None))
        else:
            said = f"“{cleaned(given, 40)}”, which is no time FHIR knows" if given else "nothing"
            notes.append(f"{place} says {said}: no row is proposed from it.")
    return events


def _of_report(resource: Node, status: str, notes: list[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for name in ("effectiveDateTime", "effectivePeriod.start"):
        if first(resource, *name.split(".")):
            yield ("performed", name, tuple(name.split(".")))
    if status not in REPORTS:
        notes.append(f"Its status is {cleaned(status, 40) or 'not said'}: there is no report yet.")
    elif not first(resource, "issued") and first(resource, "meta", "lastUpdated"):
        yield (REPORTS[status], "meta.lastUpdated", ("meta", "lastUpdated"))
    else:
        yield (REPORTS[status], "issued", ("issued",))


def _patient(resource: Node, kind: str, entries: list[tuple[str, Node]], notes: list[str]) -> dict[str, Any]:
    """Whom it is about: itself, or whom it refers to where that came with it, or what the reference says."""
    theirs = nodes(resource, "subject")
    told = (
        resource
        if kind == "Patient"
        else _referred(resource, first(theirs[0], "reference"), entries)
        if theirs
        else None
    )
    if told is None:
        if theirs and (meant := first(theirs[0], "reference")):
            notes.append(f"It is about {cleaned(meant, 80)}, who did not come with it.")
        identifiers = [one for subject in theirs for one in nodes(subject, "identifier")]
        return _numbered(identifiers, cleaned(first(theirs[0], "display")) if theirs else "", "")
    names = nodes(told, "name")
    official = next(
        (name for name in names if first(name, "use") in {"official", "usual"}), names[0] if names else {}
    )
    parts = [first(official, "family"), *(one for one in official.get("given", ()) if isinstance(one, str))]
    name = "^".join(cleaned(part.replace("^", " "), 60) for part in parts[:3]) or first(official, "text")
    return _numbered(nodes(told, "identifier"), cleaned(name), day(first(told, "birthDate"), FHIR_TIME))


def _numbered(identifiers: list[Node], name: str, born_on: str) -> dict[str, Any]:
    said = [(cleaned(first(one, "value"), 40), cleaned(first(one, "system"))) for one in identifiers[:10]]
    ours = next((number for number, system in said if system == NHS_NUMBER and number), "")
    others = [{"number": n, "authority": system} for n, system in said if n and system != NHS_NUMBER]
    return patient(name, ours, others, born_on)


def _referred(resource: Node, reference: str, entries: list[tuple[str, Node]]) -> Node | None:
    """The patient that a reference means, if it is in the very message."""
    if reference.startswith("#"):
        near = [one for one in nodes(resource, "contained") if first(one, "id") == reference[1:]]
    else:
        near = [
            one
            for url, one in entries
            if reference
            and (url == reference or f"{first(one, 'resourceType')}/{first(one, 'id')}" == reference)
        ]
    return next((one for one in near if first(one, "resourceType") == "Patient"), None)
