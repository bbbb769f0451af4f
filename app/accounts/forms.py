from __future__ import annotations

from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired

from app.accounts.models import Role
from app.web.fields import boxes, email_address, in_list, line
from app.web.forms import CaseworkForm, CreatingForm, EditingForm

ROLES = {role.value: role.label for role in Role}


class SignInForm(CaseworkForm):
    email = email_address("E-mail address", required="Enter your e-mail address.")
    password = PasswordField("Password", validators=[InputRequired("Enter your password.")])
    kept = HiddenField()


class ForgottenForm(CaseworkForm):
    email = email_address("E-mail address", required="Enter your e-mail address.")


class ChooseForm(CaseworkForm):
    password = PasswordField(
        "New password",
        description="12 characters or more. A few words together are good.",
        validators=[InputRequired("Enter a new password.")],
    )


class ProofForm(CaseworkForm):
    """Shows again that it is them: by the password, a code, or what a passkey answered."""

    password = PasswordField("Password")
    code = line("Or a code", hint="The six digits that your authenticator app shows now.", most=40)
    credential = HiddenField()
    kept = HiddenField()


class PasswordForm(CaseworkForm):
    current = PasswordField("Current password", validators=[InputRequired("Enter your current password.")])
    password = PasswordField(
        "New password",
        description="12 characters or more. A few words together are good.",
        validators=[InputRequired("Enter a new password.")],
    )


class AccountForm(CreatingForm):
    name = line("Name", required="Enter their name.")
    email = email_address("E-mail address", required="Enter their e-mail address.")
    roles = boxes("Roles", ROLES, coerce=in_list(Role), required="Select at least one role.")
    organisation = line(
        "Code of the organisation",
        hint="For a liaison officer only: the code, as the organisations page shows it.",
        most=12,
    )


class RolesForm(EditingForm):
    elsewhere = frozenset({"organisation"})

    roles = boxes("Roles", ROLES, coerce=in_list(Role), required="Select at least one role.")
    organisation = line("Code of the organisation", hint="For a liaison officer only.", most=12)
