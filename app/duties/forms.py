from __future__ import annotations

from collections.abc import Mapping

from app.core import clock
from app.duties.models import ConflictKind
from app.web.fields import day, one_of, pick, prose
from app.web.forms import CaseworkForm, CreatingForm


class ConflictForm(CreatingForm):
    """`staff` are those whose conflict can be recorded by key; nobody: only one's own is declared."""

    account = pick("Whose conflict is it?", {}, required="Select whose conflict it is.")
    subject = pick("With what?", {}, required="Select with what.", radios=True)
    kind = one_of("What kind is it?", ConflictKind, required="Select what kind it is.")
    words = prose("In a few words", required="Enter what the conflict is.", most=2000)
    since = day("Since when?", required="Enter the day since when.", default=clock.today)

    def __init__(self, staff: Mapping[str, str], subjects: Mapping[str, str], me: str) -> None:
        super().__init__()
        if staff:
            self.account.choices = dict(staff)
            if not self.is_submitted():
                self.account.data = me
        else:
            del self.account
        if subjects:
            self.subject.choices = dict(subjects)
        else:
            del self.subject


class AbsenceForm(CreatingForm):
    account = pick("Who is away?", {}, required="Select who is away.")
    from_on = day("First day away", required="Enter the first day.")
    to_on = day("Last day away", required="Enter the last day.")
    cover = pick("Who covers?", {}, required="Select who covers.")

    def __init__(self, staff: Mapping[str, str], me: str, *, for_others: bool) -> None:
        super().__init__()
        self.cover.choices = {"": "Choose one", **{k: n for k, n in staff.items() if for_others or k != me}}
        if for_others:
            self.account.choices = dict(staff)
            if not self.is_submitted():
                self.account.data = me
        else:
            del self.account


class NameForm(CaseworkForm):
    account = pick("Who may know of it?", {}, required="Select somebody.")

    def __init__(self, staff: Mapping[str, str]) -> None:
        super().__init__()
        self.account.choices = {"": "Choose one", **staff}
