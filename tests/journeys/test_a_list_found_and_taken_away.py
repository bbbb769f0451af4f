"""Somebody finds cases, goes through them one by one, and takes the list away as a file."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from playwright.sync_api import expect

from app.exports.sheets import SHEETS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_a_list_is_filtered_gone_through_saved_and_taken_away(sign_in):
    page = sign_in("manager@office.example")
    page.goto("/caseload/")
    page.get_by_text("Filter, sort, choose columns").click()
    page.get_by_label("Detailed investigation", exact=True).check()
    page.get_by_role("button", name="Show").click()
    rows = page.locator("tbody tr")
    how_many = rows.count()
    listed = [row.locator("a").first.inner_text() for row in rows.all()]
    expect(page.get_by_role("status")).to_contain_text(f"{how_many} lines")

    page.get_by_role("link", name=listed[0]).click()
    gone_through = [listed[0]]
    while (onward := page.locator("nav.neighbours a[rel=next]")).count():
        onward.click()
        gone_through.append(page.locator(".whose__caption .reference").inner_text())
    assert gone_through == listed
    page.get_by_role("link", name="Back to the list").click()

    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        headings, *lines = csv.reader(file)
    assert headings == list(SHEETS["caseload"].headings)
    assert [line[0] for line in lines] == listed

    page.get_by_role("button", name="Make a spreadsheet").click()
    expect(page.get_by_role("heading", name="Exports")).to_be_visible()
    expect(page.get_by_text("Ready")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == listed


def test_a_case_is_found_from_every_page_by_a_name_that_is_misspelt(sign_in):
    page = sign_in("caseworker@office.example")
    page.goto("/organisations/")
    page.get_by_placeholder("Reference, name or words").fill("Tamblin")
    page.get_by_role("button", name="Find").click()

    expect(page.locator("mark").first).to_have_text("Tamblyn")
