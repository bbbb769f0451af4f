"""Pages of records full of markup, in a browser that would run it: nothing does (C3)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.planting import MARK, plant, written_in
from tests.web.test_bad_addresses import pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200)]

HOST = "http://office.example"
#: What every way to write markup calls, if it is markup.
NOTICE = f"window.ran = []; window.{MARK} = () => window.ran.push(document.activeElement?.outerHTML ?? '')"
#: What ran by the time the page has been drawn twice: by then whatever has the focus of itself has it.
RAN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(window.ran))))"
LIVES = f'<p>Somebody wrote <img src=x onerror="{MARK}()"></p>'


@pytest.fixture
def shown(app, browser):
    """Show HTML under an address, with our own scripts and without our policy; what of it ran."""
    bodies = {}
    context = browser.new_context()
    context.add_init_script(NOTICE)

    def answer(route):
        path = urlsplit(route.request.url).path
        file = Path(app.static_folder) / path.removeprefix("/static/")
        if path in bodies:
            route.fulfill(body=bodies[path], content_type="text/html; charset=utf-8")
        elif path.startswith("/static/") and file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404)

    context.route("**/*", answer)
    page = context.new_page()

    def show(path: str, html: str) -> list[str]:
        bodies[path] = html
        page.goto(HOST + path)
        return page.evaluate(RAN)

    yield show
    context.close()


def test_nothing_that_stands_in_the_records_runs_in_a_browser(app, doors, office, failures, shown):
    plant(office, list(written_in()))
    opened = {}
    for endpoint, visitor, path in pages(app, doors):
        with visitor.open(path) as answer:
            if answer.mimetype == "text/html" and MARK in (html := answer.get_data(as_text=True)):
                opened[endpoint, path] = html

    assert shown("/lives", LIVES) != []  # what should be noticed is
    assert {where: ran for where, html in opened.items() if (ran := shown(where[1], html))} == {}
    print(f"\n{len(opened)} pages that show what was planted, in Chromium")
    assert len(opened) > 50
    assert failures == []
