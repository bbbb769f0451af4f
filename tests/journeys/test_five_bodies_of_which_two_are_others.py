"""One scan, five bodies: three are ours to look into, two belong to other ombudsmen. Each is told so by itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.core import clock
from tests.journeys.doing import answer, day, follow, meet_every_test, press
from tests.journeys.test_a_complaint_late_in_part import log_a_complaint

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

#: Body, its kind where it has to be entered by hand, the ground of remit, and who looks into it instead.
OURS = (
    ("Eastmarch", None, "nhs_body", ""),
    ("Kestrel Street Surgery", None, "family_provider", ""),
    ("Brightwater Teleradiology", None, "independent_provider", ""),
)
OTHERS = (
    ("Glan Afon Health Board", "welsh_board", "wales", "The Public Services Ombudsman for Wales."),
    (
        "Northsea Council",
        "other",
        "social_care",
        "The Local Government and Social Care Ombudsman.",
    ),
)


def enter_by_hand(page, office: str, name: str, kind: str) -> None:
    page.goto(f"{office}/organisations/new")
    answer(page, "Name").fill(name)
    page.locator(f"input[name=kind][value={kind}]").check()
    press(page, "Add organisation")


def allege(page, complaint: str, name: str, today) -> None:
    page.goto(complaint)
    follow(page, "Allege issue 1 against")
    answer(page, "Find the organisation").fill(name)
    press(page, "Search")
    page.get_by_role("link", name=name).last.click()
    day(page, "complained_locally_on", today - timedelta(days=150))
    day(page, "answered_locally_on", today - timedelta(days=60))
    day(page, "knowledge_on", today - timedelta(days=200))
    answer(page, "A letter or message to them").check()
    press(page, "Record allegation")


def answer_tests(page, way: str, ground: str, *, is_ours: bool) -> None:
    page.goto(f"{way}/tests")
    meet_every_test(page)
    page.locator("[name=remit_option]").select_option(ground)
    if not is_ours:
        page.locator("input[name=remit_answer][value=not_met]").check()
        page.locator("[name=remit_note]").fill("What this body did is for another ombudsman.")
    press(page, "Save the answers")


def test_three_of_five_bodies_are_taken_on_and_two_are_signposted_to_other_ombudsmen(sign_in, office):
    today, page = clock.today(), sign_in("caseworker@office.example")
    for name, kind, _ground, _whose in OTHERS:
        enter_by_hand(page, office, name, kind)
    page.goto(office)
    reference = log_a_complaint(page, today, "Ottoline Brackenbury")
    complaint = f"{office}/complaints/{reference}"
    follow(page, "Record an issue")
    answer(page, "What is said to have gone wrong?").fill("Nobody told us what the scan had shown.")
    answer(page, "Administration and communication").check()
    press(page, "Record issue")
    for name, *_rest in OURS + OTHERS:
        allege(page, complaint, name, today)

    for number, (_name, _kind, ground, whose) in enumerate(OURS + OTHERS, 1):
        way = f"{complaint}/allegations/{number}"
        answer_tests(page, way, ground, is_ours=not whose)
        if whose:
            answer(page, "Signpost: someone else can help, or it is too early for us").check()
            expect(answer(page, "Who can help them instead?")).to_have_value(whose)
            expect(answer(page, "Reasons")).to_have_value(
                re.compile("What this body did is for another ombudsman")
            )
        else:
            answer(page, "Accept for investigation").check()
            answer(page, "Reasons").fill("It is ours, in time, and answered locally.")
        press(page, "Decide")

    page.goto(f"{office}/complaints/{reference}/case")
    expect(
        page.get_by_text("Send the complainant the reasons for what is not accepted first")
    ).to_be_visible()
    page.goto(f"{complaint}/reasons")
    for name, _kind, _ground, whose in OTHERS:
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        expect(page.get_by_text(f"Who can help you: {whose}")).to_be_visible()
    expect(page.locator(".paper__part")).to_have_count(2)
    follow(page, "Record that they were sent")
    press(page, "Record")

    follow(page, "Open a case")
    for name, *_rest in OURS:
        expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    press(page, "Open case")
    page.goto(f"{office}/cases/{reference}")
    for name, *_rest in OURS:
        expect(page.get_by_text(name).first).to_be_visible()
