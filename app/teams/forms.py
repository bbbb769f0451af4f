from __future__ import annotations

from collections.abc import Mapping

from app.core import clock
from app.teams.models import Team
from app.web.fields import day, line, pick
from app.web.forms import CreatingForm, EditingForm


class NewTeamForm(CreatingForm):
    name = line("Name", required="Enter the name of the team.", most=60)


class TeamForm(EditingForm):
    elsewhere = frozenset({"leader"})

    name = line("Name", required="Enter the name of the team.", most=60)
    leader = pick("Who leads it?", {}, hint="One of those in it.")

    def __init__(self, team: Team) -> None:
        super().__init__(team)
        self.leader.choices = {"": "Nobody", **{one.account.key: one.account.name for one in team.present}}
        if not self.is_submitted():
            self.leader.data = team.leader.key if team.leader else None


class JoinForm(CreatingForm):
    account = pick("Who?", {}, required="Select who.")
    from_on = day("Since when?", required="Enter the first day.", default=clock.today)

    def __init__(self, staff: Mapping[str, str]) -> None:
        super().__init__()
        self.account.choices = {"": "Choose one", **staff}
