"""A disc is sent from the browser, three files at once, and one of them after the connection broke."""

from __future__ import annotations

import hashlib
import os
import re

import pytest
from playwright.sync_api import expect

from app.core import clock
from tests.journeys.doing import answer, day, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def a_case(page) -> str:
    links = page.locator("a[href^='/cases/']").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    return next(found.group() for link in links if (found := re.match("/cases/[^/?]+", link)))


def test_three_files_are_sent_in_parts_by_the_picker(sign_in, office, tmp_path):
    page = sign_in("investigator@office.example")
    page.goto(f"{office}{a_case(page)}/evidence/")
    follow(page, "Enter a delivery")
    answer(page, "What came?").fill("Disc of the chest")
    answer(page, "The complainant or their representative").check()
    day(page, "supplied_on", clock.today())
    answer(page, "On a disc or a memory stick").check()
    answer(page, "Copy").check()
    answer(page, "How many does its label say are in it?").fill("4")
    answer(page, "Documents").check()
    press(page, "Go on to its files")
    expect(page.get_by_role("button", name="Send files")).to_be_hidden()
    contents = {"one.dcm": os.urandom(9 * 1024 * 1024), "two.pdf": b"%PDF-1.4 two", "three.txt": b"three"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    broken = []

    def break_once(route):
        if broken:
            route.continue_()
        else:
            broken.append(route.request.url)
            route.abort("connectionreset")

    page.route("**/parts/1", break_once)
    answer(page, "Choose files").set_input_files([tmp_path / name for name in contents])

    expect(page.get_by_text("3 received.")).to_be_visible(timeout=60_000)
    assert len(broken) == 1
    for name, content in contents.items():
        sent = page.locator("li").filter(has_text=name)
        expect(sent.get_by_text(hashlib.sha256(content).hexdigest())).to_be_visible()
        assert sent.get_by_role("progressbar").get_attribute("aria-label") == f"How much of {name} is here"
    page.screenshot(path=os.environ.get("SCREENSHOTS", str(tmp_path)) + "/uploading.png", full_page=True)
    follow(page, "To the delivery")
    expect(page.get_by_text("Its label says 4 documents, and 3 were found so far.")).to_be_visible()
    expect(page.get_by_role("link", name="one.dcm")).to_be_visible()
