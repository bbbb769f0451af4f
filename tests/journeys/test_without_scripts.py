"""Everything works without JavaScript, and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.demonstration.office import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_a_complaint_is_logged_without_scripts_and_mistakes_are_pointed_out(browser, office):
    context = browser.new_context(base_url=office, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("caseworker@office.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/complaints/new")
    page.get_by_label("Complainant’s name", exact=True).fill("Łukasz Żółć")
    page.get_by_role("button", name="Log complaint").click()

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_role("link", name="Enter what happened.").click()
    assert page.url.endswith("#narrative")
    expect(page.get_by_label("Complainant’s name", exact=True)).to_have_value("Łukasz Żółć")

    page.get_by_label("Post", exact=True).check()
    page.locator("#narrative").fill("It was not read.")
    page.get_by_role("button", name="Log complaint").click()
    expect(page.get_by_role("heading", name="Complaint of Łukasz Żółć")).to_be_visible()
    context.close()


def test_somebody_signs_in_and_skips_to_the_content_by_keyboard_alone(browser, office):
    context = browser.new_context(base_url=office)
    page = context.new_page()
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "email":
            break
    page.keyboard.type("caseworker@office.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    context.close()


def test_after_signing_out_the_back_button_shows_nothing(sign_in, office):
    page = sign_in("caseworker@office.example")
    page.goto(f"{office}/caseload/?column=complainants")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.wait_for_load_state("networkidle")  # forgetting everything takes Chromium a moment, and a new page
    page.go_back()

    expect(page).to_have_url(re.compile("caseload"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_double_click_logs_one_complaint(sign_in, office):
    page = sign_in("caseworker@office.example")
    page.goto(f"{office}/complaints/new")
    page.get_by_label("Post", exact=True).check()
    page.get_by_label("Complainant’s name", exact=True).fill("Clicked Twice")
    page.locator("#narrative").fill("It was not read.")
    page.get_by_role("button", name="Log complaint").dblclick()
    expect(page.get_by_role("heading", name="Complaint of Clicked Twice")).to_be_visible()
    page.goto(f"{office}/caseload/?column=complainants")

    expect(page.get_by_text("Clicked Twice")).to_have_count(1)
