"""The main job, clicked through by everybody whose turn it is, each in a browser of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.core import clock
from tests.journeys.doing import answer, choose, day, follow, meet_every_test, move_clock, press

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_missed_chest_x_ray_is_logged_found_upon_and_put_right(sign_in, office, tmp_path):
    today, moved = clock.today(), [0]
    caseworker = sign_in("caseworker@office.example")
    follow(caseworker, "Log a complaint")
    answer(caseworker, "E-mail").check()
    answer(caseworker, "Complainant’s name").fill("Seán Ó Súilleabháin")
    answer(caseworker, "NHS number of the person affected").fill("999 000 0018")
    answer(caseworker, "What happened, in the complainant’s words").fill("My X-ray was never read.")
    press(caseworker, "Log complaint")
    reference = caseworker.locator(".reference").first.inner_text()

    follow(caseworker, "Record an issue")
    answer(caseworker, "What is said to have gone wrong?").fill("A shadow on the X-ray was not acted on.")
    answer(caseworker, "Clinical care or judgment").check()
    press(caseworker, "Record issue")
    for words, name in (("Eastmarch", "Eastmarch University"), ("Kestrel", "Kestrel Street")):
        if words == "Kestrel":
            caseworker.goto(f"{office}/complaints/{reference}/issues/1/allegations/new")
        answer(caseworker, "Find the organisation").fill(words)
        press(caseworker, "Search")
        follow(caseworker, name)
        day(caseworker, "event_on", today - timedelta(days=300))
        day(caseworker, "knowledge_on", today - timedelta(days=100))
        answer(caseworker, "The complainant’s own account").check()
        answer(caseworker, "Kind of imaging").select_option("CR")
        press(caseworker, "Record allegation")
        follow(caseworker, "J Follow-up")
        caseworker.get_by_label("J1 ").check()
        press(caseworker, "Save codes")
    for number in (1, 2):
        caseworker.goto(f"{office}/complaints/{reference}/allegations/{number}/tests")
        meet_every_test(caseworker)
        press(caseworker, "Save the answers")
        answer(caseworker, "Accept for investigation").check()
        answer(caseworker, "Reasons").fill("In time, and there are signs of a failing.")
        press(caseworker, "Decide")
    follow(caseworker, "Open a case")
    press(caseworker, "Open case")

    manager = sign_in("manager@office.example")
    manager.goto(f"{office}/cases/{reference}/owner")
    choose(manager, "Investigator", "Idris Vantongeren")
    press(manager, "Give the case")

    investigator = sign_in("investigator@office.example")
    investigator.goto(f"{office}/cases/{reference}")
    follow(investigator, "Start the detailed investigation")
    press(investigator, "Start the detailed investigation")
    report = tmp_path / "report.txt"
    report.write_text("Chest X-ray: opacity. CT advised.")
    follow(investigator, "Add a document")
    answer(investigator, "File").set_input_files(report)
    answer(investigator, "What is it?").fill("Report of the chest X-ray")
    answer(investigator, "An organisation complained about").check()
    answer(investigator, "Which organisation, if one did?").select_option(index=1)
    answer(investigator, "Copy").check()
    press(investigator, "Add document")
    document = investigator.url
    for choice in (0, 1):
        investigator.goto(f"{document}/links/new")
        investigator.locator("input[name=allegation]").nth(choice).check()
        answer(investigator, "What does it show?").fill("That CT was advised, and when.")
        answer(investigator, "Context").check()
        answer(investigator, "Why?").fill("It is what both were sent.")
        press(investigator, "Link document")

    for number, failing in ((1, True), (2, False)):
        investigator.goto(f"{office}/cases/{reference}/allegations/{number}/finding")
        answer(investigator, "What happened?").fill("The report was not opened.")
        answer(investigator, "What should have happened?").fill("It should have been read and acted on.")
        answer(investigator, "Standard").first.select_option("RCR-BFCR(16)4")
        answer(investigator, "What is the gap between the two?").fill(
            "Nobody read it." if failing else "None."
        )
        kind = "A failing in all of what is alleged" if failing else "No failing"
        investigator.get_by_label(kind, exact=True).check()
        if failing:
            answer(investigator, "Injustice, not yet put right").check()
            answer(investigator, "What did it lead to, and how do we know?").fill("Lost time.")
        investigator.locator("input[name=rests_on]").first.check()
        press(investigator, "Save finding")
        expect(investigator.get_by_text("The finding is saved. It is complete.")).to_be_visible()
    investigator.goto(f"{office}/cases/{reference}/allegations/1/confirmed-codes")
    press(investigator, "Confirm codes")
    investigator.goto(f"{office}/cases/{reference}/recommendations/new")
    investigator.locator("input[name=finding]").first.check()
    answer(investigator, "Service improvement").check()
    answer(investigator, "What should the organisation do?").fill("Escalate unread alerts.")
    answer(investigator, "What will show that it was done?").fill("An audit of three months.")
    answer(investigator, "How it will be published").fill("Escalate unread alerts.")
    press(investigator, "Save draft")
    investigator.goto(f"{office}/cases/{reference}/provisional-views/share")
    press(investigator, "Record that they are shared")

    move_clock(manager, office, 30, moved)
    investigator.goto(f"{office}/cases/{reference}/decision/propose")
    press(investigator, "Send for approval")
    manager.goto(f"{office}/cases/{reference}/decision/approve")
    press(manager, "Approve and issue")
    expect(manager.get_by_text("Partly upheld").first).to_be_visible()

    liaison = sign_in("liaison@eastmarch.example")
    stranger = sign_in("liaison@thornwick.example")
    assert stranger.goto(f"{office}/trust/cases/{reference}").status == 404
    follow(liaison, "Escalate unread alerts.")
    follow(liaison, "Agree")
    press(liaison, "Agree")
    follow(liaison, "Submit evidence")
    day(liaison, "claimed_done_on", clock.today() + timedelta(days=moved[0]))
    answer(liaison, "What do these files show?").fill("The audit.")
    audit = tmp_path / "audit.csv"
    audit.write_text("month,alerts,escalated\n1,10,10\n")
    answer(liaison, "Files").set_input_files(audit)
    press(liaison, "Submit evidence")
    expect(liaison.get_by_role("heading", name="Receipt")).to_be_visible()

    investigator.goto(f"{office}/cases/{reference}/recommendations/1/judgement")
    answer(investigator, "Accepted").check()
    answer(investigator, "Reasons").fill("The audit shows it.")
    press(investigator, "Record judgement")
    manager.goto(f"{office}/cases/{reference}/close")
    answer(manager, "Decided, and every recommendation judged").check()
    answer(manager, "Reasons").fill("Everything is done.")
    press(manager, "Close case")
    expect(manager.get_by_text(f"{reference} is closed.")).to_be_visible()
    assert liaison.goto(f"{office}/trust/").status == 200
