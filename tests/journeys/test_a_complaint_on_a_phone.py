"""Somebody complains on a phone: saves, comes back by the link, adds a report, sends; a caseworker finds it."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect

from tests.journeys.doing import answer, follow, press
from tests.journeys.soundness import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ADDRESS = "ottilie@mail.example"
PHONE = {"width": 360, "height": 740}


def letters_to(address: str, folder) -> list[str]:
    letters = (
        message_from_bytes(f.read_bytes(), policy=policy.default) for f in folder.glob("office*/mail/*.eml")
    )
    return [letter.get_content() for letter in letters if letter["To"] == address]


def wait_for_letter(folder, words: str) -> str:
    for _ in range(120):
        for text in letters_to(ADDRESS, folder):
            if words in text:
                return text
        time.sleep(0.5)
    raise AssertionError(f"no letter with {words}")


def test_a_complaint_is_begun_saved_taken_up_again_and_sent_on_a_phone(
    browser, office, sign_in, tmp_path_factory, tmp_path
):
    folder = tmp_path_factory.getbasetemp()
    first = browser.new_context(base_url=office, viewport=PHONE, java_script_enabled=False)
    page = first.new_page()
    page.goto("/complain")
    follow(page, "Start")
    answer(page, "Yes").check()
    press(page, "Carry on")
    answer(page, "Your name").fill("Ottilie Brackenbury")
    press(page, "Carry on")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    answer(page, "Your e-mail address").fill(ADDRESS)
    press(page, "Save and come back later")
    answer(page, "Your e-mail address").fill(ADDRESS)
    press(page, "Send me the link")
    first.close()

    second = browser.new_context(base_url=office, viewport=PHONE)
    page = second.new_page()
    page.goto(re.search(r"/complain/come-back/\S+", wait_for_letter(folder, "come-back")).group())
    assert faults_of(page) == []
    press(page, "Go on with my form")
    expect(page.get_by_text("Ottilie Brackenbury")).to_be_visible()
    assert faults_of(page) == []
    page.goto("/complain/contact")
    answer(page, "By e-mail").check()
    for _ in range(2):  # what we need from us can be left out
        press(page, "Carry on")
    answer(page, "It happened to me").check()
    press(page, "Carry on")
    page.locator("#organisations").fill("Thornwick Infirmary")
    press(page, "Carry on")
    page.locator("#narrative").fill("My X-ray was not read until I asked.")
    press(page, "Carry on")
    press(page, "Carry on")
    answer(page, "No, not yet").check()
    press(page, "Carry on")
    page.locator("#wanted").fill("That somebody explains.")
    press(page, "Carry on")
    report = tmp_path / "x-ray report.pdf"
    report.write_bytes(b"%PDF-1.4 An invented report")
    page.locator("#files").set_input_files(report)
    press(page, "Add these files")
    expect(page.get_by_text("x-ray report.pdf").first).to_be_visible()
    assert faults_of(page) == []
    follow(page, "Carry on")
    press(page, "Send the form")
    expect(page.get_by_role("heading", name="We have your complaint")).to_be_visible()
    assert faults_of(page) == []
    reference = page.locator(".reference").inner_text()
    page.emulate_media(media="print")
    expect(page.get_by_text(reference)).to_be_visible()
    second.close()
    assert reference in wait_for_letter(folder, reference)

    caseworker = sign_in("caseworker@office.example")
    caseworker.goto(f"{office}/complaints/{reference}")
    expect(caseworker.get_by_role("heading", name="Complaint of Ottilie Brackenbury")).to_be_visible()
    expect(caseworker.get_by_text("“Thornwick Infirmary”")).to_be_visible()
    follow(caseworker, "Papers that came with it")
    expect(caseworker.get_by_role("link", name="x-ray report.pdf")).to_be_visible()
