"""Ways in, in a browser: a link from a letter, an authenticator, a passkey of a virtual key."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from email import message_from_bytes
from email.policy import default

import pyotp
import pytest
from playwright.sync_api import expect

from app.demonstration.office import PASSWORD
from tests import databases
from tests.journeys.conftest import PROJECT, _free_port, _wait_for
from tests.journeys.soundness import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ADMINISTRATOR = "administrator@office.example"
FIRST = "nine brown owls blinking"


@pytest.fixture(scope="module")
def strict(request, tmp_path_factory):
    """An office that asks everybody for a second factor, with one administrator, at `localhost`."""
    data = tmp_path_factory.mktemp("strict")
    with (
        databases.empty(request.config.getoption("--database"), data) as url,
        (data / "log").open("w") as log,
    ):
        environ = {k: v for k, v in os.environ.items() if k != "NOW"}
        environ |= {"OFFICE": "trial", "DATA_DIR": str(data), "PORT": str(_free_port()), "MAIL": "file:"}
        environ["DATABASE_URL"] = url
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        create = [
            "accounts",
            "create",
            ADMINISTRATOR,
            "--name",
            "Ada",
            "--role",
            "administrator",
            "--password",
            FIRST,
        ]
        for words in (["db", "upgrade"], create):
            subprocess.run([*flask, *words], cwd=PROJECT, env=environ, check=True, stdout=log, stderr=log)
        server = subprocess.Popen(
            [*flask, "serve"], cwd=PROJECT, env=environ, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{environ['PORT']}/health", server, data / "log")
            yield f"http://localhost:{environ['PORT']}", data / "mail"
        finally:
            server.terminate()
            server.wait(20)


def sign_in(page, email, password):
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def virtual_key(page):
    """A security key that the browser makes up."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_somebody_is_invited_chooses_a_password_and_signs_in_with_an_app_then_a_passkey(browser, strict):
    office, mail = strict
    context = browser.new_context(base_url=office)
    page, faults = context.new_page(), []

    # The administrator has no second factor yet, and is let into nothing before there is one.
    sign_in(page, ADMINISTRATOR, FIRST)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    faults += faults_of(page)
    page.goto("/accounts/")
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    page.get_by_role("button", name="Set up an app").click()
    faults += faults_of(page)
    app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    page.get_by_label("Code").fill(app.now())
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".codes__code")).to_have_count(10)
    faults += faults_of(page)
    recovery = page.locator(".codes__code").first.inner_text()
    page.get_by_role("button", name="I have kept them").click()

    # They invite somebody, who finds the link in their letter.
    page.goto("/accounts/new")
    page.get_by_label("Name", exact=True).fill("Bo Tern")
    page.get_by_label("E-mail address").fill("bo@office.example")
    page.get_by_label("Caseworker").check()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("has been sent a link to choose a password")).to_be_visible()
    faults += faults_of(page)
    link = _link_in(mail, page)
    page.goto(link)
    faults += faults_of(page)
    page.get_by_label("New password").fill("four quiet herons wading")
    page.get_by_role("button", name="Choose this password").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    faults += faults_of(page)

    # A recovery code lets the administrator in again, who then adds a passkey and uses that.
    virtual_key(page)
    sign_in(page, ADMINISTRATOR, FIRST)
    page.get_by_label("Code").fill(recovery)
    faults += faults_of(page)
    page.get_by_role("button", name="Carry on").click()
    page.goto("/account/second-factor/passkeys/new")
    page.get_by_label("Name").fill("The key of a test")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("The passkey “The key of a test” is added.")).to_be_visible()
    faults += faults_of(page)
    page.locator(".masthead").get_by_role("button", name="Sign out").click()
    sign_in(page, ADMINISTRATOR, FIRST)
    expect(page.get_by_role("heading", name="Show your second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/organisations/")
    page.goto("/account/second-factor")
    expect(page.get_by_text("Not yet")).to_have_count(0)
    expect(page.get_by_text("You have 9 that are not used.")).to_be_visible()

    # And the passkey alone is enough, without password or code.
    page.locator(".masthead").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out.")).to_be_visible()
    faults += faults_of(page)
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url("**/organisations/")
    page.goto("/account")
    expect(page.get_by_role("button", name="Forget it")).to_have_count(1)
    faults += faults_of(page)

    assert faults == []
    context.close()


def _link_in(mail, page) -> str:
    for _ in range(100):
        letters = [
            message_from_bytes(path.read_bytes(), policy=default).get_content() for path in mail.glob("*.eml")
        ]
        if found := [link for letter in letters for link in re.findall(r"/choose-password/\S+", letter)]:
            return found[-1]
        page.wait_for_timeout(200)
    raise AssertionError("no letter came")


def test_signing_in_again_in_the_middle_carries_on_with_what_was_typed(browser, office):
    context = browser.new_context(base_url=office)
    page = context.new_page()
    sign_in(page, "caseworker@office.example", PASSWORD)
    page.goto("/complaints/new")
    page.get_by_label("Post", exact=True).check()
    page.get_by_label("Complainant’s name", exact=True).fill("Kept By The Page")
    page.locator("#narrative").fill("It was not read.")
    context.clear_cookies()
    page.get_by_role("button", name="Log complaint").click()
    expect(page.get_by_text("What you typed is kept in this page")).to_be_visible()
    page.get_by_label("E-mail address").fill("caseworker@office.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Carry on").click()

    expect(page.get_by_role("heading", name="Complaint of Kept By The Page")).to_be_visible()
    context.close()
