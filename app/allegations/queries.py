from __future__ import annotations

from app.allegations.models import Allegation, Issue
from app.complaints.models import Complaint
from app.core.errors import NotFound


def numbered(complaint: Complaint, number: int) -> Allegation:
    """The allegation of that number in the complaint. Raises `NotFound`."""
    for allegation in complaint.allegations:
        if allegation.number == number:
            return allegation
    raise NotFound("There is no allegation of that number in this complaint.")


def issue_numbered(complaint: Complaint, number: int) -> Issue:
    """The issue of that number in the complaint. Raises `NotFound`."""
    for issue in complaint.issues:
        if issue.number == number:
            return issue
    raise NotFound("There is no issue of that number in this complaint.")
