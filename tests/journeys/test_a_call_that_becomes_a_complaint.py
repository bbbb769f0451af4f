"""A call from somebody who sees badly: urgent, too early for us, and back in writing when it no longer is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.core import clock
from tests.journeys.doing import answer, day, follow, move_clock, press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_call_is_kept_minded_and_comes_back_as_one_complaint(sign_in, office):
    today, moved = clock.today(), [0]
    caseworker, manager = sign_in("caseworker@office.example"), sign_in("manager@office.example")
    page = caseworker
    page.goto(f"{office}/enquiries/new")
    answer(page, "Their name").fill("Ottoline Pembridge")
    answer(page, "Telephone").last.fill("07700 900144")
    answer(page, "What did they say?").fill(
        "A shadow was seen and nobody has rung me. I cannot read your letters."
    )
    press(page, "Write it down")
    enquiry = page.url

    press(page, "Urgent health risk")
    expect(page.get_by_text("please call 999 now")).to_be_visible()
    manager.goto(office)
    follow(manager, "for a manager")
    manager.get_by_role("row").filter(has_text=enquiry.rsplit("/", 1)[1]).get_by_role(
        "link", name="acknowledge"
    ).click()
    answer(manager, "What is done about it?").fill("The practice sees her this afternoon.")
    press(manager, "Acknowledge")

    page.goto(enquiry)
    page.get_by_role("link", name="Ottoline Pembridge").click()
    follow(page, "Agree an adjustment")
    answer(page, "Large print").check()
    answer(page, "What does that mean for them?").fill("24 point")
    press(page, "Agree it")
    page.goto(enquiry)
    follow(page, "Close it")
    answer(page, "What were they told, and who can help them?").fill("The hospital answers first.")
    day(page, "back_on", today + timedelta(days=1))
    press(page, "Close it")

    move_clock(page, office, 1, moved)
    page.goto(f"{office}/enquiries/?show=returning")
    follow(page, enquiry.rsplit("/", 1)[1])
    follow(page, "Log the complaint they made in writing")
    answer(page, "Post").check()
    answer(page, "What happened, in the complainant’s words").fill(
        "The hospital has answered, and not what I asked."
    )
    press(page, "Log complaint")
    complaint = page.url

    expect(page.get_by_text("Large print")).to_be_visible()
    expect(page.get_by_text("24 point")).to_be_visible()
    follow(page, "an enquiry")
    expect(page.get_by_text("It became the complaint")).to_be_visible()
    page.goto(f"{office}/enquiries/?show=returning")
    expect(page.get_by_text("Ottoline Pembridge")).to_have_count(0)
    page.goto(f"{complaint}/change")
    expect(page.get_by_text("24 point")).to_be_visible()
