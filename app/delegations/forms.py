from __future__ import annotations

from collections.abc import Mapping

from app.accounts.models import Account
from app.core import clock
from app.policy import DELEGABLE, Permission, holds_by_role
from app.web.fields import day, line, pick, prose
from app.web.forms import CaseworkForm, CreatingForm


class DelegationForm(CreatingForm):
    permission = pick(
        "Which decision?", {}, required="Select which decision.", coerce=Permission, radios=True
    )
    to = pick("To whom?", {}, required="Select to whom.")
    from_on = day("From which day on?", required="Enter the first day.", default=clock.today)
    until_on = day("Its last day", hint="Leave empty if it holds until it is withdrawn.")
    instrument = line(
        "By which paper, or why?",
        hint="For example: scheme of delegation of March, paragraph 4.",
        required="Enter by which paper it is delegated, or why.",
        most=500,
    )

    def __init__(self, giver: Account, staff: Mapping[str, str]) -> None:
        super().__init__()
        held = {each: words for each, words in DELEGABLE.items() if holds_by_role(giver, each)}
        self.permission.choices = [(each.value, words) for each, words in held.items()]
        self.to.choices = {"": "Choose one", **{key: name for key, name in staff.items() if key != giver.key}}


class WithdrawalForm(CaseworkForm):
    reasons = prose("Why is it withdrawn?", required="Enter why it is withdrawn.", most=2000)
