from __future__ import annotations

from wtforms import HiddenField

from app.web.fields import line
from app.web.forms import CaseworkForm


class AskForm(CaseworkForm):
    """Shows a second factor: a code that is typed, or what a passkey answered, which the script fills in."""

    code = line(
        "Code",
        hint="The six digits that your authenticator app shows now, or one of your recovery codes.",
        most=40,
    )
    credential = HiddenField()
    kept = HiddenField()


class AloneForm(CaseworkForm):
    """What a passkey answered that is to sign somebody in by itself. The script fills it in."""

    credential = HiddenField()


class AuthenticatorForm(CaseworkForm):
    code = line(
        "Code", required="Enter the code.", hint="The six digits that the app shows for Second Read.", most=40
    )
    locked = HiddenField()


class PasskeyForm(CaseworkForm):
    name = line(
        "Name",
        required="Enter a name for the passkey.",
        hint="So that you know it again, for example “My telephone”.",
        most=60,
    )
    credential = HiddenField()
