"""Somebody at the front door: a browser without an account, and the pages of the form filled in."""

from __future__ import annotations

from io import BytesIO

import pytest

from app.core.files import LocalFiles

PDF = b"%PDF-1.4 A report of a chest X-ray."
#: What goes into each page of the form.
ANSWERS = {
    "right-place": {"care": "yes"},
    "you": {"name": "Josefa Merriweather", "email": "josefa@mail.example", "telephone": "07700 900003"},
    "contact": {"contact_by": "email", "contact_note": "After six in the evening."},
    "needs": {"needs": ["large_print", "interpreter"], "needs_words": "18 point"},
    "who": {
        "about": "another",
        "affected_name": "Ansel Merriweather",
        "basis": "I am his daughter and he has asked me to.",
        "born_on-day": "3",
        "born_on-month": "5",
        "born_on-year": "1941",
        "nhs_number": "943 476 5919",
    },
    "organisation": {"organisations": "Eastmarch Infirmary\nThe surgery in Mill Lane\n\nEastmarch Infirmary"},
    "what": {"narrative": "The X-ray of March was not read until June.\n\nBy then it was too late."},
    "scan": {"happened_on-month": "3", "happened_on-year": "2026", "imaging": ["X-ray"]},
    "answer": {"answered": "final", "answered_on-month": "8", "answered_on-year": "2026"},
    "wanted": {"wanted": "That they say sorry."},
}


class Stranger:
    """Somebody at a browser without an account."""

    def __init__(self, app, network: str = "198.51.100.7") -> None:
        self.client, self.network = app.test_client(), network

    def open(self, page: str, **more):
        return self.client.get(f"/complain/{page}", environ_overrides={"REMOTE_ADDR": self.network}, **more)

    def send(self, page: str, data=None, **more):
        where = f"/complain/{page}"
        given = {"data": data or {}, "environ_overrides": {"REMOTE_ADDR": self.network}, **more}
        return self.client.post(where, **given)

    def answer(self, *pages: str, **instead):
        """Fill in these pages, or all of them; the last answer."""
        for page in pages or ANSWERS:
            answer = self.send(page, ANSWERS[page] | instead)
        return answer

    def add(self, name: str = "report.pdf", content: bytes = PDF):
        return self.send("documents", {"files": (BytesIO(content), name)})


@pytest.fixture
def stranger(app, session, monkeypatch, tmp_path):
    """Somebody new at the door, as often as one is asked for."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    for store in ("files", "unsent"):
        monkeypatch.setitem(app.extensions, store, LocalFiles(tmp_path / store))
    return lambda network="198.51.100.7": Stranger(app, network)
