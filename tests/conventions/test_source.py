"""House rules that a linter does not know."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import models as _models  # noqa: F401 (so that every room's tables are known)
from app.audit.events import Event
from app.cases import workflow

PROJECT = Path(__file__).parents[2]
SOURCES = sorted((PROJECT / "app").rglob("*.py"))
TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))

#: A pattern, where alone it may appear, and what to do instead.
CONFINED = [
    (r"\.commit\(", {"app/database.py"}, "one unit of work, one commit: use db.unit_of_work()"),
    (
        r"\.stage = |case\.stage, .* = |, case\.stage =",
        {"app/cases/workflow.py"},
        "a case moves by workflow.take()",
    ),
    (
        r"\b(complaint|recommendation|request)\.state = ",
        {"app/complaints/workflow.py", "app/recommendations/workflow.py", "app/requests/workflow.py"},
        "a record moves by its workflow's take()",
    ),
    (
        r"postgresql|sqlite",
        {
            "app/core/dialect/__init__.py",
            "app/core/dialect/asking.py",
            "app/core/dialect/connecting.py",
            "app/core/dialect/copies.py",
            "app/core/dialect/words.py",
            "app/core/types.py",
        },
        "see app.core.dialect",
    ),
    (r"datetime\.now|date\.today|utcnow", {"app/core/clock.py"}, "ask app.core.clock"),
    (
        r"select\(Case\)|get\(Case|select\(Complaint\)|select\(Document\)\.where\(Document\.key",
        {"app/policy/visibility.py", "app/policy/restricted.py"},
        "start from policy.visible_…() or policy.access_…()",
    ),
    (
        r"\bAudit(Entry|Detail)\(|insert\(Audit",
        {"app/audit/record.py", "app/audit/models.py"},
        "use audit.record.record()",
    ),
    (r"\bAccessEntry\(", {"app/web/visits.py", "app/audit/models.py"}, "use web.visits.note()"),
    (r"os\.environ", set(), "read config.Config"),
    (r"flask_login", {"app/web/identity.py"}, "use app.web.identity"),
    (r"\.db\.session\b|current_user", {"app/web/identity.py"}, "actions are told who acts"),
    (r"(\|\s*safe\b)|Markup\(", set(), "escape, or make a template of it"),
]


INLINE = r"\|\s*safe\b|\bstyle=|\bon[a-z]+=\"|javascript:|<style|<script(?![^>]*src)"
CONTROLS = r"<(form|input|table|textarea|select)\b"


@pytest.mark.parametrize(("pattern", "homes", "instead"), CONFINED, ids=[rule[2] for rule in CONFINED])
def test_a_thing_with_one_home_is_found_nowhere_else(pattern, homes, instead):
    strays = {
        f"{path.relative_to(PROJECT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line) and str(path.relative_to(PROJECT)) not in homes
    }

    assert strays == set(), instead


def test_no_template_is_unescaped_or_styled_or_scripted_in_line():
    strays = {
        f"{path.relative_to(PROJECT)}: {match.group()}"
        for path in TEMPLATES
        for match in re.finditer(INLINE, path.read_text())
    }

    assert strays == set()


def test_only_components_layouts_and_few_pages_write_form_controls_themselves():
    """Pages are made of components; a form or an input of its own needs a place in this list."""
    own = {
        str(path.relative_to(PROJECT / "templates"))
        for path in TEMPLATES
        if path.parts[-2] not in {"components", "layouts"} and re.search(CONTROLS, path.read_text())
    }

    assert own == {"accounts/carry_on.html", "caseload/search.html", "findings/confirm_codes.html"}


@pytest.mark.parametrize(
    "room", sorted(path.parent for path in SOURCES if path.name == "__init__.py"), ids=lambda room: room.name
)
def test_every_room_says_on_its_door_what_it_is(room):
    assert (room / "__init__.py").read_text().startswith('"""')


def test_every_event_has_its_line_in_the_story():
    for path in SOURCES:
        if path.name == "events.py":
            importlib.import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts))
    told = {path.stem for path in (PROJECT / "templates/audit/events").glob("*.html")}

    assert told == set(Event.known)


def test_all_that_is_printed_for_people_extends_the_one_layout_that_obeys_what_they_need():
    """A paper stands in that layout alone; the receipt of the portal goes to an organisation, through its own door."""
    text = {str(path.relative_to(PROJECT / "templates")): path.read_text() for path in TEMPLATES}
    written = "decision_text\\(|{% block paper %}"
    pages = {name for name, words in text.items() if re.search(written, words)}
    printed = {
        name for name, words in text.items() if words.startswith('{% extends "layouts/printed.html" %}')
    }

    assert {name for name, words in text.items() if re.search('class="paper(?!__part)', words)} == {
        "layouts/printed.html",
        "portal/receipt.html",
    }
    assert pages - {"layouts/printed.html", "components/decision.html"} == printed
    assert printed == {
        "checks/reasons.html",
        "decisions/approve.html",
        "decisions/propose.html",
        "decisions/share.html",
        "decisions/show.html",
        "front_door/paper.html",
        "front_door/receipt.html",
        "requests/letter.html",
        "requests/send.html",
    }


def test_every_step_of_a_case_has_its_way_on_the_case_page():
    page = (PROJECT / "templates/cases/show.html").read_text()

    assert [step.name for step in workflow.STEPS if f'"{step.name}"' not in page] == []


def test_every_page_has_a_template_of_its_functions_name_and_no_template_is_left_over():
    rendered = {
        template
        for path in SOURCES
        for template in re.findall(r'"([a-z_]+/[a-z_]+\.html)"', path.read_text())
    }
    pages = {
        str(path.relative_to(PROJECT / "templates"))
        for path in TEMPLATES
        if path.parts[-2] not in {"components", "layouts", "events"}
    }

    assert rendered == pages


def test_no_template_imports_what_it_does_not_use():
    unused = set()
    for path in TEMPLATES:
        text = path.read_text()
        for names in re.findall(r"{% from \"[^\"]+\" import ([^%]+?) %}", text):
            for name in names.split(","):
                known_as = name.split(" as ")[-1].strip()
                if len(re.findall(rf"\b{known_as}\b", text)) < 2:
                    unused.add((str(path.relative_to(PROJECT)), known_as))

    assert unused == set()


#: What takes long to load and is used by few requests: loaded where it is used.
SLOW = {"alembic", "authlib", "cryptography", "pyotp", "segno", "webauthn", "zxcvbn"}


def test_the_service_starts_without_what_is_slow_to_load(tmp_path):
    told = (
        "import sys; from pathlib import Path; from app import create_app; from config import Config, Office;"
        "create_app(Config(OFFICE=Office.DEMONSTRATION, DATA_DIR=Path(sys.argv[1]), DATABASE_URL='sqlite://',"
        " SECRET_KEY='x' * 40)); print(*{name.partition('.')[0] for name in sys.modules})"
    )
    ended = subprocess.run(
        [sys.executable, "-c", told, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert set(ended.stdout.split()) & SLOW == set()
