from __future__ import annotations

import pytest

from app.web.templating import browser_name


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
            " Safari/537.36 Edg/126.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5"
            " Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Werkzeug/3.1", "Werkzeug/3.1"),
        ("", ""),
    ],
)
def test_a_device_is_called_as_people_call_it(said, called):
    assert browser_name(said) == called
