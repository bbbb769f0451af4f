"""What FHIR resources say is read in the child, in JSON and XML alike; nothing is fetched, and nothing blows up."""

from __future__ import annotations

import json

import pytest

from app.examining import sandbox
from tests.messages.made import SHARED, happened, report

NOT_READ = "This is a FHIR resource {}: it is kept, and not read. This office reads ImagingStudy, DiagnosticReport, ServiceRequest, Patient, and bundles of them."  # noqa: E501
#: By file: the kind and what it says happened, or why it is not read. Worked out from the files by hand.
READ = {
    "r4-Communication-example.json": NOT_READ.format("Communication"),
    "r4-DiagnosticReport-ultrasound.json": [
        ("performed", "2012-12-01T12:00:00+01:00", "DiagnosticReport.effectiveDateTime", ""),
        ("reported", "2012-12-01T12:00:00+01:00", "DiagnosticReport.issued", ""),
    ],
    "r4-ImagingStudy-example.json": [
        ("performed", "2011-01-01T11:01:20+03:00", "ImagingStudy.started", ""),
    ],
    "r4-Media-example.json": NOT_READ.format("Media"),
    "r4-Observation-bmd.json": NOT_READ.format("Observation"),
    "r4-Organization-hl7.json": NOT_READ.format("Organization"),
    "r4-Patient-example.json": [],
    # It says when the scan was to be made, and not when that was asked for.
    "r4-ServiceRequest-di.json": [],
    "ukcore-Bundle-NEWS2Observations.xml": "This FHIR bundle is kept, and not read: it holds none of ImagingStudy, DiagnosticReport, ServiceRequest, Patient.",  # noqa: E501
    "ukcore-DiagnosticReport-CTChestScan.xml": [
        ("reported", "2024-04-19T12:52:38+00:00", "DiagnosticReport.issued", ""),
    ],
    "ukcore-ImagingStudy-CTChestScan.xml": [
        ("performed", "2023-01-24T09:01:20+00:00", "ImagingStudy.started", ""),
    ],
    "ukcore-Location-HospitalSJUH.xml": NOT_READ.format("Location"),
    "ukcore-Organization-LeedsTeachingHospital.xml": NOT_READ.format("Organization"),
    "ukcore-Patient-RichardSmith.xml": [],
    "ukcore-Practitioner-ConsultantSandraGose.xml": NOT_READ.format("Practitioner"),
    "ukcore-RelatedPerson-JoySmith.xml": NOT_READ.format("RelatedPerson"),
    "ukcore-ServiceRequest-CTChestScan.xml": [
        ("requested", "2024-04-12T09:38:00+00:00", "ServiceRequest.authoredOn", ""),
    ],
}


def test_every_shared_resource_is_read_or_refused_as_it_was_by_hand():
    if not SHARED.is_dir():
        pytest.skip("The shared messages are not beside the project.")
    told = {}
    for place in sorted((SHARED / "fhir").iterdir()):
        if place.suffix in {".xml", ".json"}:
            try:
                [message] = sandbox.read("messages.fhir", place)["messages"]
                told[place.name] = happened(message)
            except sandbox.Unreadable as why:
                told[place.name] = str(why)

    assert told == READ


def test_the_patient_of_the_uk_core_is_read_with_the_nhs_number():
    if not SHARED.is_dir():
        pytest.skip("The shared messages are not beside the project.")
    [message] = sandbox.read("messages.fhir", SHARED / "fhir/ukcore-Patient-RichardSmith.xml")["messages"]

    assert message["patient"] == {
        "name": "SMITH^Richard",
        "nhs_number": "9912003888",
        "numbers": [],
        "born_on": "1970-09-11",
    }


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("registered", []),
        ("partial", ["provisional_read"]),
        ("preliminary", ["provisional_read"]),
        ("final", ["reported"]),
        ("amended", ["corrected"]),
        ("corrected", ["corrected"]),
        ("appended", ["corrected"]),
        ("cancelled", []),
        ("entered-in-error", []),
    ],
)
def test_each_status_of_a_report_is_a_row_of_its_own(said, status, kinds):
    [message] = said(report(status=status), "messages.fhir")

    assert [kind for kind, *_ in happened(message)] == kinds


def test_json_and_xml_say_the_same(said):
    in_xml = """<?xml version="1.0" encoding="ISO-8859-1"?>
      <DiagnosticReport xmlns="http://hl7.org/fhir"><id value="r1"/><status value="final"/>
      <code><text value="R\xf6ntgen"/></code><issued value="2021-01"/></DiagnosticReport>"""
    in_json = report(
        code={"text": "Röntgen"}, issued="2021-01", contained=None, subject=None, conclusion=None
    )

    assert said(in_xml.encode("latin-1"), "messages.fhir") == said(in_json, "messages.fhir")


def test_each_resource_of_a_bundle_is_a_message_and_its_patient_is_found_in_it(said):
    patient = json.loads(report())["contained"][0]
    entries = [
        {"fullUrl": "urn:uuid:1", "resource": patient},
        {
            "resource": json.loads(
                report(contained=None, subject={"reference": "urn:uuid:1"}, meta={"versionId": "2"})
            )
        },
        {"resource": json.loads(report(id="r2", contained=None, subject={"reference": "Patient/elsewhere"}))},
    ]
    bundle = {"resourceType": "Bundle", "id": "b1", "entry": entries}

    whom, known, unknown = said(json.dumps(bundle), "messages.fhir")

    assert [m["control_id"] for m in (whom, known, unknown)] == [
        "Patient/p1",
        "DiagnosticReport/r1/_history/2",
        "DiagnosticReport/r2",
    ]
    assert whom["patient"] == known["patient"] != unknown["patient"]
    assert happened(known) == [("reported", "2021-01-11T11:30:00+00:00", "entry[2].issued", "")]
    assert unknown["notes"] == [
        "It came in the bundle b1.",
        "It is about Patient/elsewhere, who did not come with it.",
    ]


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Patient xmlns="http://hl7.org/fhir"><id value="&c;"/></Patient>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><Patient xmlns="http://hl7.org/fhir"><id value="&a;"/></Patient>'  # noqa: E501
ELSEWHERE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><Patient xmlns="http://hl7.org/fhir"/>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BOMB, "defines its own XML"),
        (OUTSIDE, "defines its own XML"),
        (ELSEWHERE, "defines its own XML"),
        (report()[:-20], "is cut off"),
        (report()[:-1], "is cut off"),
        ('<Patient xmlns="http://hl7.org/fhir"><id value="a"/>', "is cut off"),
        ('<Patient xmlns="http://hl7.org/fhir"><id valu', "is cut off"),
        ('{"resourceType": Patient}', "it is no JSON"),
        ('{"resourceType": "Patient", "x": NaN}', "no JSON that can be read"),
        ('{"resourceType": "Patient", "x": ' + "9" * 5000 + "}", "no JSON that can be read"),
        ('{"a": 1}', "no FHIR resource"),
        ("[1]", "no FHIR resource"),
        ('<Patient xmlns="urn:other"/>', "its namespace is another"),
        ('<Patient xmlns="http://hl7.org/fhir"><id></Patient>', "it is no XML"),
        ('<?xml version="1.0" encoding="x-klingon"?><Patient xmlns="http://hl7.org/fhir"/>', "encoding"),
        ('{"resourceType": "Patient", "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "no JSON that can be"),
        ('{"resourceType": "Patient", "x": ' + '{"x": ' * 90 + "1" + "}" * 91, "nested too deep"),
        (
            '<Patient xmlns="http://hl7.org/fhir">' + "<a>" * 5000 + "</a>" * 5000 + "</Patient>",
            "nested too deep",
        ),
        ('{"resourceType": "Patient", "x": [' + "1," * 250_000 + "1]}", "more in this message"),
        (b'{"resourceType": "' + b" " * 6 * 1024 * 1024 + b'"}', "more than 5 MB is not read"),
    ],
)
def test_what_does_harm_or_is_cut_off_is_refused_with_its_reason(said, content, why):
    with pytest.raises(sandbox.Unreadable) as refused:
        said(content, "messages.fhir")

    assert why in str(refused.value)


def test_cut_off_at_any_byte_it_is_refused(said):
    whole = report().encode()
    for length in range(1, len(whole)):
        with pytest.raises(sandbox.Unreadable, match=r"Ask for it again|does not say of which type"):
            said(whole[:length], "messages.fhir")
