from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import FieldList, FormField

from app.allegations.models import Allegation
from app.findings.actions import Citation, library_for
from app.findings.models import Failing, Injustice
from app.reference import lists
from app.reference.rows import Standard
from app.web.drafted import DraftedForm, Kept
from app.web.fields import boxes, in_list, line, one_of, pick, prose
from app.web.forms import EditingForm, Part

ROWS = 4


class CitationPart(Part):
    key = pick("Standard", {}, empty="None")
    clause = line("Clauses", hint="For example: standard 5; reg 12(9).")
    because = line("If it was not in force on the day: why cite it all the same?", most=1000)


class FindingForm(EditingForm, DraftedForm):
    kept_as = Kept(
        "findings.write",
        "Finding on allegation {number} of {reference}",
        words=("happened", "should_have_happened", "gap", "injustice_reasons", "no_standard_because"),
    )
    elsewhere = frozenset({"cited", "rests_on"})

    happened = prose("What happened?", hint="As the evidence shows it.")
    should_have_happened = prose("What should have happened?", hint="By the standards in force on the day.")
    cited = FieldList(FormField(CitationPart), min_entries=ROWS, max_entries=ROWS)
    no_standard_because = prose(
        "If no standard applies: why not, and on what do you judge instead?", most=4000
    )
    gap = prose("What is the gap between the two?")
    failing = one_of("Is it a failing?", Failing)
    injustice = one_of("Did injustice follow from it?", Injustice)
    injustice_reasons = prose(
        "What did it lead to, and how do we know?", hint="On the balance of probabilities."
    )
    severity = pick(
        "How severe was the injustice?",
        lambda: {
            band.level: f"Level {band.level}: {band.name} ({band.money})"
            for band in lists.severity_bands().values()
        },
        coerce=in_list(range(1, 7)),
        empty="Not assessed",
    )
    rests_on = boxes("On which evidence does the finding rest?", {}, coerce=int)

    def __init__(self, allegation: Allegation) -> None:
        finding = allegation.finding
        drawn = {
            "rests_on": [rest.link_id for rest in finding.rests_on] if finding else [],
            "cited": [
                {"key": cited.key, "clause": cited.clause, "because": cited.out_of_force_because}
                for cited in (finding.standards if finding else [])
            ],
        }
        super().__init__(finding, data=drawn)
        self.rests_on.choices = {
            int(link.id): f"{link.cited}. {link.weight.label}: {link.note[:160]}"
            for link in allegation.standing_links
        }
        library = _library(allegation)
        for entry in self.cited:
            entry.form.key.choices = {"": "None", **library}

    @property
    def answers(self) -> dict[str, Any]:
        given = super().answers
        rows = [row for row in given["cited"] if row["key"]]
        return given | {
            "cited": [Citation(row["key"], row["clause"], row["because"]) for row in rows],
            "rests_on": given["rests_on"] or [],
        }


class ConfirmCodesForm(EditingForm):
    codes = boxes("Which failures does the investigation confirm?", {})
    elsewhere = frozenset({"codes"})

    def __init__(self, allegation: Allegation, choices: dict[str, str]) -> None:
        borne = allegation.confirmed_codes or allegation.provisional_codes
        super().__init__(allegation, data={"codes": [coded.code for coded in borne]})
        self.codes.choices = choices


def _library(allegation: Allegation) -> dict[str, str]:
    """The standards for the codes of the allegation first, then the others, each saying if it was in force."""
    codes = [coding.code for coding in allegation.confirmed_codes or allegation.provisional_codes]
    library = library_for(allegation).values()
    fitting = [standard for standard in lists.standards_for(codes) if standard in library]
    others = [standard for standard in library if standard not in fitting]
    return {standard.key: _described(standard, allegation.event_on) for standard in [*fitting, *others]}


def _described(standard: Standard, event_on: date | None) -> str:
    if event_on and not standard.was_in_force_on(event_on):
        return f"{standard.key} – {standard.title} (NOT in force on the day)"
    return f"{standard.key} – {standard.title}"
