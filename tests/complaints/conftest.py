from __future__ import annotations

import pytest


@pytest.fixture
def flask(app, session):
    """Runs `flask complaints …`, and gives how it ended and what it said."""

    def run(*arguments: object) -> tuple[int, str]:
        ran = app.test_cli_runner().invoke(args=["complaints", *map(str, arguments)])
        return ran.exit_code, ran.output

    return run
