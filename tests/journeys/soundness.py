"""What is wrong with a page, by axe, by our own check of its HTML and on screens as wide as it is and of 320 pixels."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from tests.journeys.html import Page

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NARROW = {"width": 320, "height": 700}


def faults_of(page) -> list[tuple[str, ...]]:
    """Everything found, each with what it was found in; nothing for a page that is sound."""
    # Before its style sheet has come, a page is of links as small as their words and as wide as its tables.
    page.wait_for_load_state()
    faults: list[tuple[str, ...]] = [("html", fault) for fault in Page(page.content()).faults]
    for violation in Axe().run(page, options=_RULES).response["violations"]:
        faults += [(violation["id"], node["html"][:120]) for node in violation["nodes"][:1]]
    wide = page.viewport_size
    for size in (wide, NARROW):
        page.set_viewport_size(size)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [("width", f"scrolls sideways by {beyond} pixels at {size['width']}")] if beyond > 0 else []
    page.set_viewport_size(wide)
    return faults
