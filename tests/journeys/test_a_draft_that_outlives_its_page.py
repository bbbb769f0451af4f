"""What is typed is kept without a button, and is there again when the page is loaded anew."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.doing import answer, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
WORDS = "The scan of the second of March was never compared with the one before."


def test_a_page_that_is_loaded_again_goes_on_from_what_was_typed(sign_in, office):
    page = sign_in("caseworker@office.example")
    follow(page, "Log a complaint")
    answer(page, "What happened, in the complainant’s words").fill(WORDS)
    answer(page, "Complainant’s name").fill("Leopoldine Marsh")
    answer(page, "Complainant’s name").blur()
    expect(page.get_by_text("Draft saved at")).to_be_visible(timeout=15_000)

    page.reload()

    expect(answer(page, "What happened, in the complainant’s words")).to_have_value(WORDS)
    answer(page, "Complainant’s name").fill("Leopoldine Marsh-Okoro")
    answer(page, "Complainant’s name").blur()
    expect(page.get_by_text("Draft saved at")).to_be_visible(timeout=15_000)
    page.goto(f"{office}/drafts/")
    expect(page.get_by_text("Leopoldine Marsh-Okoro")).to_have_count(1)
    expect(page.get_by_text("Leopoldine Marsh", exact=True)).to_have_count(0)


def open_a_finding(sign_in, office):
    """The form of a finding that the investigator of the office can write, and its address."""
    page = sign_in("investigator@office.example")
    links = page.locator("a[href^='/cases/']").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    for path in dict.fromkeys(re.match("/cases/[^/?]+", link).group() for link in links):
        finding = f"{office}{path}/allegations/1/finding"
        page.goto(finding)
        if page.get_by_role("button", name="Save finding").count():
            return page, finding
    raise AssertionError(links)


def throw_away(page, office):
    """Throw away the draft there is, so that another test begins with none."""
    page.goto(f"{office}/drafts/")
    press(page, "Throw away")
    expect(page.get_by_text("You have no drafts.")).to_be_visible()


#: How somebody begins, by what a key or a press leaves behind; typing has left its field.
WAYS_TO_BEGIN = {
    "typed": lambda form: (
        (field := answer(form, "What happened?")).fill("The scan was read.") or field.blur()
    ),
    "chosen": lambda form: form.locator("select").first.select_option(index=1),
    "ticked": lambda form: form.locator("input[type=radio]:not(:checked)").first.check(),
}


@pytest.mark.parametrize("way", WAYS_TO_BEGIN)
def test_what_is_said_before_the_page_has_all_come_is_kept_too(sign_in, office, way):
    page, finding = open_a_finding(sign_in, office)
    held = []
    page.route("**/drafts.js*", lambda route: held.append(route))
    page.goto(finding, wait_until="commit")
    WAYS_TO_BEGIN[way](page.locator("form[data-draft]"))
    expect(page.locator("body")).not_to_contain_text("Draft saved at")
    while not held:
        page.wait_for_timeout(50)

    held.pop().continue_()

    expect(page.get_by_text("Draft saved at")).to_be_visible(timeout=15_000)
    throw_away(page, office)


def test_a_page_in_which_nothing_was_said_is_no_draft(sign_in, office):
    page = sign_in("caseworker@office.example")
    page.goto(f"{office}/complaints/new")
    page.wait_for_timeout(1500)

    expect(page.locator("body")).not_to_contain_text("Draft saved at")


def test_a_finding_is_gone_on_with_after_the_page_is_closed_and_somebody_has_signed_out(sign_in, office):
    page, finding = open_a_finding(sign_in, office)
    answer(page, "What happened?").fill(WORDS)
    answer(page, "What happened?").blur()
    expect(page.get_by_text("Draft saved at")).to_be_visible(timeout=15_000)
    page.goto(f"{office}/drafts/")
    press(page, "Sign out")

    page = sign_in("investigator@office.example")
    expect(page.get_by_role("link", name=f"“{WORDS[:40]}")).to_be_visible()
    page.goto(finding)
    follow(page, "Go on from that draft")
    expect(answer(page, "What happened?")).to_have_value(WORDS)
    press(page, "Save finding")

    expect(page.get_by_text("The finding is saved.")).to_be_visible()
    page.goto(f"{office}/drafts/")
    expect(page.get_by_text(WORDS[:40])).to_have_count(0)
    page.goto(finding)
    expect(answer(page, "What happened?")).to_have_value(WORDS)
    expect(page.get_by_text("Go on from that draft")).to_have_count(0)


def test_a_page_that_is_closed_at_once_is_kept_all_the_same(sign_in, office):
    page, finding = open_a_finding(sign_in, office)
    answer(page, "What is the gap between the two?").fill("Three months.")
    page.goto(f"{office}/drafts/")
    for _ in range(20):
        if page.get_by_text("Three months.").count():
            break
        page.reload()

    page.goto(finding)
    follow(page, "Go on from that draft")
    expect(answer(page, "What is the gap between the two?")).to_have_value("Three months.")
    throw_away(page, office)


def test_a_broken_connection_is_told_and_it_is_tried_again_until_it_is_kept(sign_in, office):
    page, _finding = open_a_finding(sign_in, office)
    failed = []
    page.route("**/drafts/*", lambda route: failed.append(route.request.url) or route.abort())
    answer(page, "What happened?").fill(WORDS)
    answer(page, "What happened?").blur()

    expect(page.get_by_text("the service cannot be reached. It will be tried again.")).to_be_visible()
    page.unroute("**/drafts/*")
    expect(page.get_by_text("Draft saved at")).to_be_visible(timeout=40_000)
    assert len(failed) >= 1
    throw_away(page, office)


def test_a_service_that_cannot_answer_is_tried_again_and_as_soon_as_the_network_is_back(sign_in, office):
    page, _finding = open_a_finding(sign_in, office)
    page.route("**/drafts/*", lambda route: route.fulfill(status=502, body="Bad gateway"))
    answer(page, "What happened?").fill(WORDS)
    answer(page, "What happened?").blur()

    expect(page.get_by_text("the service cannot be reached. It will be tried again.")).to_be_visible()
    page.unroute("**/drafts/*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Draft saved at")).to_be_visible(timeout=5_000)
    throw_away(page, office)
