"""What is typed is kept without a button, and is there again when the page is loaded anew."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.doing import answer, follow

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
