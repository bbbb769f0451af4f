"""A decision as plain content: what is shared, approved, frozen and hashed.

It stands on its own: everything a reader needs is copied in as it stood, so that a later change of
a name, a list or a finding changes nothing of what was decided.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from app.allegations.models import Allegation
from app.audit.events import plain
from app.cases.models import Case
from app.core import clock
from app.findings import outcomes
from app.findings.models import CitedStandard, FindingEvidence
from app.recommendations.models import Recommendation, RecommendationState
from app.reference.lists import severity_bands, standards, taxonomy

FORM = "second-read/decision/v1"


def composed(case: Case) -> dict[str, Any]:
    """The decision as the case now stands, in the order in which it is read."""
    complaint = case.complaint
    return plain(
        {
            "form": FORM,
            "reference": complaint.reference,
            "received_on": complaint.received_on,
            "composed_at": clock.now(),
            "complaint": complaint.narrative,
            "wanted": complaint.wanted,
            "outcome": outcomes.of_case(case),
            "outcome_explained": outcomes.explained(case),
            "allegations": [_allegation(allegation) for allegation in case.allegations],
            "recommendations": [
                _recommendation(recommendation)
                for recommendation in case.recommendations
                if recommendation.state is not RecommendationState.WITHDRAWN
            ],
        }
    )


def digest(content: dict[str, Any]) -> str:
    """The SHA-256 of the content in its canonical form, in hexadecimal."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _allegation(allegation: Allegation) -> dict[str, Any]:
    finding, by_code = allegation.finding, taxonomy().by_code
    return {
        "number": allegation.number,
        "issue": allegation.issue.words,
        "organisation": allegation.organisation.name,
        "organisation_code": allegation.organisation.code,
        "event_on": allegation.event_on,
        "codes": {coding.code: by_code[coding.code].name for coding in allegation.confirmed_codes},
        "happened": finding and finding.happened,
        "should_have_happened": finding and finding.should_have_happened,
        "standards": [_standard(cited) for cited in finding.standards] if finding else [],
        "no_standard_because": finding and finding.no_standard_because,
        "gap": finding and finding.gap,
        "failing": finding and finding.failing,
        "injustice": finding and finding.injustice,
        "injustice_reasons": finding and finding.injustice_reasons,
        "severity": finding and finding.severity and severity_bands()[finding.severity].name,
        "outcome": finding and finding.outcome,
        "evidence": [_evidence(rest) for rest in finding.rests_on] if finding else [],
    }


def _standard(cited: CitedStandard) -> dict[str, Any]:
    return {
        "key": cited.key,
        "title": standards()[cited.key].title,
        "clause": cited.clause,
        "because": cited.out_of_force_because,
    }


def _evidence(rest: FindingEvidence) -> dict[str, Any]:
    document = rest.link.rests_in
    return {
        "title": rest.link.called,
        "page": rest.link.page,
        "note": rest.link.note,
        "sha256": document.sha256 if document else "",
    }


def _recommendation(recommendation: Recommendation) -> dict[str, Any]:
    return {
        "number": recommendation.number,
        "organisation": recommendation.organisation.name,
        "organisation_code": recommendation.organisation.code,
        "kind": recommendation.kind,
        "action": recommendation.action,
        "evidence_wanted": recommendation.evidence_wanted,
        "due_on": recommendation.due_on,
        "public_text": recommendation.public_text,
        "private_text": recommendation.private_text,
    }
