"""Every page there is, from the route map, in Chromium: axe, our own HTML check, the policy, 320 pixels."""

from __future__ import annotations

import re

import pytest

from app import create_app
from config import Config, Office
from tests.conventions.access import ACCESS
from tests.journeys.soundness import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

#: All pages at once are more than one test may take.
PARTS = 6
STAFF, PEOPLE, TRUST = "ombudsman@office.example", "administrator@office.example", "liaison@eastmarch.example"
#: Pages that have none of their own in HTML: a file, a line of text.
NO_PAGE = {
    "reference.as_csv_file", "reference.as_json_file", "papers.download", "receiving.asked",
    "evidence.download", "exports.as_csv_file", "exports.download", "portal.download", "health.show", "static",
    "timeline.as_picture", "timeline.as_sheet", "reading.picture", "bundles.download",
    "imaging.frame", "imaging.values", "imaging.download_copy",
    "imaging.look", "imaging.image", "imaging.copies_of", "imaging.ask_for_copy",  # test_two_studies_side_by_side.py
    "imaging.decide",  # only of an image, and the demonstration office has none: tests/imaging
    "accounts.single_sign_on", "accounts.single_sign_on_back",  # only with an issuer: tests/accounts
    "front_door.come_back",  # looked at in test_a_complaint_on_a_phone.py
    "factors.ask", "accounts.choose_password",  # looked at on the way in, in test_signing_in.py
}  # fmt: skip


def routes(tmp_path):
    app = create_app(
        Config(OFFICE=Office.DEMONSTRATION, DATA_DIR=tmp_path, DATABASE_URL="sqlite://", SECRET_KEY="x" * 32)
    )
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    return sorted((rule for rule in rules if rule.endpoint not in NO_PAGE), key=lambda rule: rule.endpoint)


def found(page, path: str, pattern: str) -> list[str]:
    page.goto(path)
    return list(dict.fromkeys(re.findall(pattern, page.content())))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_sound_in_chromium(sign_in, tmp_path, part):
    people = {email: sign_in(email) for email in (STAFF, PEOPLE, TRUST)}
    staff, trust = people[STAFF], people[TRUST]
    reference = r"(SR-[0-9A-Z]{4}-[0-9A-Z]{4})"
    both_ends = ("/caseload/", "/caseload/?sort=oldest")
    references = [r for end in both_ends for r in found(staff, end, f"(?:cases|complaints)/{reference}")]
    theirs = found(trust, "/trust/", f"cases/{reference}")
    accounts = found(people[PEOPLE], "/accounts/", r"/accounts/([0-9a-f]{32})")
    codes = found(staff, "/organisations/?words=limited", r"/organisations/(X-[0-9A-Z]{5})")
    unmatched = _content(staff, "/complaints/to-be-matched")
    pairs = re.findall(rf"complaints/{reference}/to-be-matched/(\d+)", unmatched)
    waiting = {number: whose for whose, number in pairs}
    said: list[str] = []
    for page in people.values():
        page.on("console", lambda message: said.append(message.text))

    faults, seen = [], 0
    for rule in routes(tmp_path)[part::PARTS]:
        who = (
            TRUST if rule.endpoint.startswith("portal") else PEOPLE if "accounts" in rule.endpoint else STAFF
        )
        page = people[who]
        path = _first_that_answers(
            page, rule, theirs if who == TRUST else references, accounts, codes, waiting
        )
        if path is None:
            faults.append((rule.endpoint, "no page of this kind in the demonstration office"))
            continue
        seen += 1
        faults += [(rule.endpoint, *fault) for fault in faults_of(page)]

    print(f"\n{seen} pages looked at by axe, by our own check and at 320 pixels: {len(faults)} faults")
    assert faults == []
    assert seen > 20
    assert [words for words in said if "Content Security" in words] == []


def test_what_is_left_out_is_there_and_is_not_looked_at(tmp_path):
    looked_at = {rule.endpoint for rule in routes(tmp_path)}

    assert looked_at | NO_PAGE - {"static"} <= ACCESS.keys()
    assert looked_at & NO_PAGE == set()


def _content(page, path: str) -> str:
    page.goto(path)
    return page.content()


#: By room, the page that lists what has a key, where the reference may stand in its address.
LISTED = {
    "teams": "/teams/",
    "allocation": "/allocation/",
    "doubles": "/people/?words=blackwell",
    "delegations": "/delegations/",
    "concerns": "/concerns/",
    "duties": "/conflicts/",
    "evidence": "/cases/{}/evidence/",
    "messages": "/cases/{}/messages/",
    "examining": "/cases/{}/evidence/",
    "receiving": "/cases/{}/deliveries/",
    "requests": "/cases/{}/evidence/",
    "people": "/people/flags",
    "risk": "/urgent/",
}


#: What has a key and is shown at its organisation, by the address that the key stands in.
AT_AN_ORGANISATION = {
    "contacts.change": "contacts",
    "lineage.correct": "successions",
    "lineage.open_portal": "successions",
    "lineage.withdraw": "successions",
    "lineage.undo_merge": "organisation-merges",
}


#: A list with a version and without a draft, and one with a draft.
LISTED_VERSION = {"listing": "severity", "row": "2", "earlier": 0}
DRAFTED = {"listing": "failures", "row": "J9"}


def _keys(page, endpoint: str, reference: str, code: str) -> list[str]:
    """The keys that the list of the room shows; none for a room without one."""
    if endpoint == "receiving.unpack":  # any document has the page; what is no archive is refused on it
        return found(page, LISTED["evidence"].format(reference), r"/evidence/([0-9a-f]{32})")
    if endpoint in AT_AN_ORGANISATION:
        return found(page, f"/organisations/{code}", rf"{AT_AN_ORGANISATION[endpoint]}/([0-9a-f]{{32}})")
    if endpoint == "requests.answer_with_delivery":
        return found(page, LISTED["receiving"].format(reference), r"/deliveries/([0-9a-f]{32})")
    room = endpoint.partition(".")[0]
    return found(page, LISTED[room].format(reference), r"/([0-9a-f]{32})") if room in LISTED else []


#: What of a person has a number of its own, by the name of that number, and the address it stands in.
ROWS = {"adjustment": "adjustments", "flag": "flags", "merged": "merges"}


def _row(page, name: str, keys: list[str]) -> tuple[str, int]:
    """Somebody of those keys who has such a row, and its number."""
    for key in keys:
        if rows := found(page, f"/people/{key}", rf"/people/{key}/{ROWS[name]}/([0-9]+)"):
            return key, int(rows[-1])
    return keys[-1], 99_999


def _first_that_answers(page, rule, references, accounts, codes, waiting) -> str | None:
    """Open the first page of the rule that there is, and say where it is."""
    if rule.endpoint.startswith("enquiries") or rule.endpoint.endswith("enquiry"):
        listed = "/returning/" if rule.endpoint.startswith("queues") else "/enquiries/"
        references = found(page, listed, r"enquiries/(SR-[0-9A-Z]{4}-[0-9A-Z]{4})")
    for reference in references if "reference" in rule.arguments else [""]:
        keys = _keys(page, rule.endpoint, reference, codes[0]) or accounts
        known = {
            "reference": reference,
            "code": codes[0],
            "letter": "J",
            "number": 1,
            "party": 1,
            "issue": 1,
            "sheet": "caseload",
        }
        known |= {"item": 1, "step": 1, "answer": 1}
        if rule.endpoint == "requests.make":  # only of who is party to the case
            parties = found(page, f"/cases/{reference}/requests/", r"/requests/new/([0-9A-Z-]+)")
            known["code"] = parties[0] if parties else codes[0]
        known |= {"submission": 1, "key": keys[-1], "other": keys[0], "waiting": 1}
        known |= DRAFTED if "draft" in rule.rule else LISTED_VERSION
        for name in ROWS.keys() & rule.arguments:
            known["key"], known[name] = _row(page, name, keys)
        if "waiting" in rule.arguments:
            mine = [number for number, whose in waiting.items() if whose == reference]
            known["waiting"] = int(mine[0]) if mine else 99_999
        path = rule.build({name: known[name] for name in rule.arguments})[1]
        answer = page.goto(path)
        if answer.status == 200:
            return path
    return None
