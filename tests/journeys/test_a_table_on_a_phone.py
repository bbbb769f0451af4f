"""Who signs in is read on a telephone without pushing the table aside."""

from __future__ import annotations

import pytest

from tests.journeys.test_a_complaint_on_a_phone import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_the_accounts_fit_on_a_phone(sign_in):
    page = sign_in("administrator@office.example")
    page.set_viewport_size(PHONE)
    page.goto("/accounts/")
    wider = page.locator(".wide").evaluate("table => table.scrollWidth - table.clientWidth")

    assert page.locator("td").filter(has_text="@office.example").first.is_visible()
    assert wider <= 0
