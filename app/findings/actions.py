from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import policy
from app.accounts.models import Account
from app.allegations.models import Allegation
from app.audit.changes import change
from app.audit.record import record
from app.cases.models import Case, CaseStage
from app.core.errors import RuleBroken
from app.evidence import actions as evidence
from app.findings.events import FindingWritten
from app.findings.models import CitedStandard, Failing, Finding, FindingAuthor, FindingEvidence, Injustice
from app.organisations.models import Organisation
from app.policy import Permission
from app.reference.lists import severity_bands, standards, version_of
from app.reference.rows import Standard

BEING_INVESTIGATED = frozenset({CaseStage.DETAILED_INVESTIGATION, CaseStage.PROVISIONAL_VIEWS})


@dataclass(frozen=True)
class Citation:
    """A standard as a finding cites it; `because` says why, when it was not in force on the day."""

    key: str
    clause: str = ""
    because: str = ""


def write_finding(
    session: Session,
    case: Case,
    allegation: Allegation,
    *,
    actor: Account,
    drawn_from: int | None = None,
    happened: str = "",
    should_have_happened: str = "",
    cited: Sequence[Citation] = (),
    no_standard_because: str = "",
    gap: str = "",
    failing: Failing | None = None,
    injustice: Injustice | None = None,
    injustice_reasons: str = "",
    severity: int | None = None,
    rests_on: Collection[int] = (),
) -> Finding:
    """Write the finding on an allegation, as far as it goes; `Finding.missing` says what it lacks.

    `rests_on` are ids of the allegation's evidence links; `drawn_from` is 0 for a form that was
    drawn when there was no finding yet. Raises `RuleBroken` for what cannot be.
    """
    policy.require(actor, Permission.FINDING_WRITE, case)
    if case.stage not in BEING_INVESTIGATED:
        raise RuleBroken(f"Findings cannot be written while the case stands at “{case.stage.label}”.")
    if not allegation.is_accepted:
        raise RuleBroken("This allegation was not accepted for investigation.")
    if failing in {None, Failing.NONE} and injustice is not None:
        raise RuleBroken("Injustice can only follow from a failing.", field="injustice")
    if severity is not None and severity not in severity_bands():
        raise RuleBroken("Select a level of severity from the list.", field="severity")
    _check_citations(cited, allegation)
    links = {link.id: link for link in allegation.standing_links}
    if not set(rests_on) <= set(links):
        raise RuleBroken("Select evidence that is linked to this allegation.", field="rests_on")

    finding = allegation.finding
    if finding is None:
        finding = Finding(allegation=allegation, happened="", should_have_happened="", gap="")
        session.add(finding)
    else:
        finding.agree(drawn_from)
    changes = change(
        finding,
        happened=happened,
        should_have_happened=should_have_happened,
        no_standard_because="" if cited else no_standard_because,
        gap=gap,
        failing=failing,
        injustice=injustice,
        injustice_reasons=injustice_reasons if injustice else "",
        severity=severity if injustice in {Injustice.NOT_PUT_RIGHT, Injustice.PUT_RIGHT} else None,
    )
    _cite(finding, cited)
    finding.rests_on = [
        next((rest for rest in finding.rests_on if rest.link_id == link_id), None)
        or FindingEvidence(link=links[link_id])
        for link_id in sorted(set(rests_on))
    ]
    add_author(finding, actor)
    finding.touch()
    session.flush()
    written = FindingWritten(
        allegation=allegation.number,
        changes=changes,
        standards=[asdict(citation) for citation in cited],
        evidence=sorted(set(rests_on)),
        outcome=finding.outcome,
    )
    record(session, written, actor=actor, complaint=case.complaint)
    return finding


def correct_organisation(
    session: Session,
    case: Case,
    allegation: Allegation,
    *,
    actor: Account,
    organisation: Organisation,
    reasons: str,
) -> None:
    """Lay an allegation at another door. What was judged about the first is set aside, and in the record."""
    evidence.correct_organisation(
        session, case, allegation, actor=actor, organisation=organisation, reasons=reasons
    )
    if finding := allegation.finding:
        judged = {"gap": "", "failing": None, "injustice": None, "injustice_reasons": "", "severity": None}
        written = FindingWritten(
            allegation=allegation.number,
            changes=change(finding, **judged),
            standards=[],
            evidence=[],
            outcome=finding.outcome,
        )
        record(session, written, actor=actor, complaint=case.complaint)


def add_author(finding: Finding, actor: Account) -> None:
    """Count somebody among those who wrote in a finding, or built on it: for good."""
    if all(author.account_id != actor.id for author in finding.authors):
        finding.authors.append(FindingAuthor(account_id=actor.id))


def _check_citations(cited: Sequence[Citation], allegation: Allegation) -> None:
    event_on, library = allegation.event_on, library_for(allegation)
    if len({citation.key for citation in cited}) < len(cited):
        raise RuleBroken("Each standard is cited once; put all its clauses together.", field="cited")
    for citation in cited:
        standard = library.get(citation.key)
        if standard is None:
            raise RuleBroken("Select standards from the library.", field="cited")
        if event_on and not standard.was_in_force_on(event_on) and not citation.because:
            raise RuleBroken(
                f"{standard.key} was not in force on the day of the event. Say why it is cited all the same,"
                " or choose the one that was.",
                field="cited",
            )


def library_for(allegation: Allegation) -> dict[str, Standard]:
    """The standards its finding may cite, by key: those that are offered, and those it cites already."""
    standing = {cited.key for cited in allegation.finding.standards} if allegation.finding else set()
    return {key: one for key, one in standards().items() if not one.ended or key in standing}


def _cite(finding: Finding, cited: Sequence[Citation]) -> None:
    standing: dict[str, Any] = {standard.key: standard for standard in finding.standards}
    wanted = []
    for citation in cited:
        standard = standing.get(citation.key) or CitedStandard(
            key=citation.key, list_version=version_of("standards")
        )
        standard.clause, standard.out_of_force_because = citation.clause, citation.because
        wanted.append(standard)
    finding.standards = wanted
