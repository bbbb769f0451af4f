"""A complaint a week late for two allegations and in time for the third: the law is asked of each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.core import clock
from app.core.calendar import months_after
from tests.journeys.doing import answer, day, follow, meet_every_test, press, refuse_test

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def log_a_complaint(page, today, name: str = "Aoife Nic Gabhann") -> str:
    follow(page, "Log a complaint")
    answer(page, "Post").check()
    day(page, "made_on", today)
    answer(page, "Complainant’s name").fill(name)
    answer(page, "What happened, in the complainant’s words").fill(
        f"{name} says: two scans were missed, and nobody told us."
    )
    press(page, "Log complaint")
    return page.locator(".reference").first.inner_text()


def allege(page, words: str, against: str, kind: str, known_on) -> None:
    follow(page, "Record an issue")
    answer(page, "What is said to have gone wrong?").fill(words)
    answer(page, kind).check()
    press(page, "Record issue")
    answer(page, "Find the organisation").fill(against)
    press(page, "Search")
    page.get_by_role("link", name=against).last.click()
    day(page, "complained_locally_on", known_on + timedelta(days=10))
    day(page, "answered_locally_on", known_on + timedelta(days=40))
    day(page, "knowledge_on", known_on)
    answer(page, "A letter or message to them").check()
    press(page, "Record allegation")


def name_who_decides(page, way: str) -> None:
    page.goto(f"{way}/discretion")
    answer(page, "What speaks for looking into it all the same?").fill("They were grieving.")
    answer(page, "What speaks against?").fill("They had the letter, and a week was enough to write.")
    answer(page, "Who decides?").select_option(label="Maud Petherick")
    press(page, "Put it before them")


def decide_not_to_look(page, way: str) -> None:
    page.goto(f"{way}/discretion/decision")
    answer(page, "Do not look into it").check()
    answer(page, "Reasons").fill("A week is short, yet nothing kept them from writing.")
    press(page, "Decide")


def test_two_allegations_are_declined_with_reasons_and_the_third_becomes_a_case(sign_in, office):
    today = clock.today()
    late_on, in_time_on = months_after(today, -12) - timedelta(days=7), today - timedelta(days=200)
    caseworker, manager = sign_in("caseworker@office.example"), sign_in("manager@office.example")
    reference = log_a_complaint(caseworker, today)
    page, complaint = caseworker, f"{office}/complaints/{reference}"
    for words, kind, known_on in (
        ("The first scan was read wrongly.", "Clinical care or judgment", late_on),
        ("The second scan was not reported.", "Clinical care or judgment", late_on),
        ("The complaint was answered without looking.", "How the complaint was handled", in_time_on),
    ):
        page.goto(complaint)
        allege(page, words, "Eastmarch", kind, known_on)

    for number in (1, 2):
        way = f"{complaint}/allegations/{number}"
        page.goto(f"{way}/tests")
        expect(page.get_by_text("7 days after the last day")).to_be_visible()
        meet_every_test(page)
        press(page, "Save the answers")
        expect(page.get_by_text("By the dates above this is not met").first).to_be_visible()
        name_who_decides(page, way)
        decide_not_to_look(manager, way)
        page.goto(f"{way}/tests")
        meet_every_test(page)
        refuse_test(page, "time", "You had our reasons for this in the letter of last year.")
        press(page, "Save the answers")
        answer(page, "Decline, with reasons").check()
        press(page, "Decide")
    page.goto(f"{complaint}/allegations/3/tests")
    meet_every_test(page)
    press(page, "Save the answers")
    answer(page, "Accept for investigation").check()
    answer(page, "Reasons").fill("In time, and answered locally.")
    press(page, "Decide")

    follow(page, "Add a person")
    answer(page, "Assisting Member of Parliament").check()
    answer(page, "Name").fill("Tegan Oyelaran MP")
    press(page, "Add person")
    page.goto(f"{complaint}/reasons")
    for words in (
        "To Aoife Nic Gabhann",
        "The first scan was read wrongly.",
        "The second scan was not reported.",
        "You had our reasons for this in the letter of last year.",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_text("answered without looking")).to_have_count(0)
    follow(page, "Tegan Oyelaran MP")
    expect(page.get_by_text("Copy to Tegan Oyelaran MP")).to_be_visible()
    follow(page, "Record that they were sent")
    press(page, "Record")

    follow(page, "Open a case")
    press(page, "Open case")
    page.goto(f"{office}/cases/{reference}")
    expect(page.get_by_text("The complaint was answered without looking.").first).to_be_visible()
    page.goto(f"{office}/cases/{reference}/allegations/1/finding")
    expect(page.get_by_role("button", name="Save finding")).to_have_count(0)
