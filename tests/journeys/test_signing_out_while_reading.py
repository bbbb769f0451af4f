"""A request that is still being answered while its sender signs out brings the sign-in back to life for nobody."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from app.demonstration.office import PASSWORD

pytestmark = pytest.mark.timeout(240)

RACES, READERS = 50, 3
EMAIL = "manager@office.example"


def opened(opener: OpenerDirector, address: str, **answers: str) -> tuple[str, str]:
    """The address one ends at and the page there; with answers, those are sent."""
    data = urlencode(answers).encode() if answers else None
    with opener.open(address, data, timeout=30) as answer:
        return answer.geturl(), answer.read().decode()


def token_in(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page).group(1)


def signed_in(office: str) -> tuple[OpenerDirector, CookieJar, str]:
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    _address, page = opened(opener, f"{office}/sign-in")
    _address, page = opened(
        opener, f"{office}/sign-in", email=EMAIL, password=PASSWORD, csrf_token=token_in(page)
    )
    return opener, jar, token_in(page)


def test_no_late_answer_revives_what_was_signed_out(office):
    alive = []
    for race in range(RACES):
        opener, jar, token = signed_in(office)
        before = [(cookie.name, cookie.value) for cookie in jar]
        with ThreadPoolExecutor(READERS + 1) as pool:
            reading = [pool.submit(opened, opener, f"{office}/caseload/") for _ in range(READERS)]
            leaving = pool.submit(opened, opener, f"{office}/sign-out", csrf_token=token)
            for done in (*reading, leaving):
                done.result()

        late = [(cookie.name, cookie.value) for cookie in jar]
        for cookies in (before, late):
            again = build_opener()
            again.addheaders = [("Cookie", "; ".join(f"{name}={value}" for name, value in cookies))]
            address, page = opened(again, f"{office}/caseload/")
            if "/sign-in" not in address or "Sign out" in page:
                alive.append(race)

    assert alive == []
