"""One module is loaded without the package around it, and the package can still be loaded whole afterwards."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.core.alone import alone


def loaded_after(code: str) -> set[str]:
    """The modules of two large packages that a process of its own has after that."""
    shown = f"{code}\nimport sys\nprint(*[name for name in sys.modules if name.startswith(('holidays', 'snowball'))])"
    asked = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return set(asked.stdout.split())


def test_of_all_countries_and_languages_one_is_loaded():
    loaded = loaded_after(
        "from datetime import date\n"
        "from app.core import calendar\n"
        "from app.search import words\n"
        "calendar.is_working_day(date(2026, 12, 25)), words.term_of('reported')"
    )

    assert {name for name in loaded if name.startswith("holidays.countries")} == {
        "holidays.countries.united_kingdom"
    }
    assert {name for name in loaded if name.endswith("_stemmer")} == {"snowballstemmer.english_stemmer"}


def test_the_whole_package_can_be_loaded_afterwards():
    loaded = loaded_after(
        "from app.core.alone import alone\n"
        "alone('holidays.countries.united_kingdom')\n"
        "import holidays\n"
        "assert len(holidays.country_holidays('FR', years=2026)) > 5"
    )

    assert {"holidays.countries", "holidays.countries.united_kingdom", "holidays.countries.france"} <= loaded


def test_a_package_that_is_loaded_already_is_asked():
    import email.mime

    assert alone("email.mime.text") is sys.modules["email.mime.text"]
    assert sys.modules["email.mime"] is email.mime


def test_a_package_that_is_not_there_is_named():
    with pytest.raises(ModuleNotFoundError, match=r"No package is named nowhere\."):
        alone("nowhere.to_be_found")
