"""What a step of a workflow is. Each room that has one keeps its own table of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import RuleBroken
from app.core.terms import Term


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """One way for a record to move on. If it is in no table of steps, it cannot happen.

    `name` completes “You cannot …”; `guards` are questions about the record, each with the
    sentence to say when the answer is no.
    """

    name: str
    sources: frozenset[Term]
    target: Term
    permission: str
    guards: Mapping[Callable[[Any], bool], str] = field(default_factory=dict)

    def refusal(self, thing: Any, standing: Term) -> str | None:
        """Why the record, `standing` where it does, cannot take this step; None when it can."""
        if standing not in self.sources:
            return f"You cannot {self.name} while it stands at “{standing.label}”."
        return next((otherwise for holds, otherwise in self.guards.items() if not holds(thing)), None)

    def check(self, thing: Any, standing: Term) -> None:
        """Raise `RuleBroken` if the record cannot take this step."""
        if reason := self.refusal(thing, standing):
            raise RuleBroken(reason)
