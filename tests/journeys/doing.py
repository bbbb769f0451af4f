"""What people do on pages, in a line each."""

from __future__ import annotations

from datetime import timedelta

from app.core import clock


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name: str) -> None:
    page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.click()


def answer(page, label: str):
    return page.get_by_label(label, exact=True)


def choose(page, label: str, named: str) -> None:
    """Choose from a list the one that is named so, whatever else is said of it."""
    field = answer(page, label)
    field.select_option(field.locator("option").filter(has_text=named).first.get_attribute("value"))


def day(page, field: str, value) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"#{field}-{part}").fill(str(getattr(value, part)))


def move_clock(page, office: str, days: int, moved: list[int]) -> None:
    moved[0] += days
    page.goto(f"{office}/demonstration/clock")
    day(page, "to_day", clock.today() + timedelta(days=moved[0]))
    press(page, "Move the clock")


def meet_every_test(page) -> None:
    """Answer on the page of tests that each is met, with what goes with that."""
    for radio in page.locator("input[type=radio][value=met]").all():
        radio.check()
    page.locator("[name=remit_option]").select_option("nhs_body")
    page.locator("[name=severity_option]").select_option("4")
    page.locator("[name=other_remedy_note]").fill("A claim would not answer what went wrong.")


def refuse_test(page, test: str, why: str) -> None:
    page.locator(f"input[name={test}_answer][value=not_met]").check()
    page.locator(f"[name={test}_note]").fill(why)
