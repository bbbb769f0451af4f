"""One client on loopback that asks for page after page, and what it found."""

from __future__ import annotations

import http.client
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

WARM_UPS, REQUESTS = 20, 300
#: By how many connections pages are asked for, each of them in turn.
CONNECTIONS = 8


@dataclass(frozen=True)
class Page:
    """A page that is measured, as one person sees it; `ratio` is how many plain pages it may cost.

    With `fields`, a form that is sent: it makes something, or, if it `comes_back`, is asked about.
    """

    name: str
    path: str
    email: str
    ratio: float = 6
    fields: Callable[[str], Mapping[str, str]] | None = None
    comes_back: bool = False


@dataclass
class Figures:
    """What was measured of a page: milliseconds of each request, and of the last answer the rest."""

    times: list[float] = field(default_factory=list)
    statements: int = 0
    size: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1]


class Client:
    """Somebody who is signed in, on one connection."""

    def __init__(self, port: int, email: str, password: str) -> None:
        self.port, self.cookie = port, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        if email:
            self.token = self._token("/sign-in")
            given = {"email": email, "password": password, "csrf_token": self.token}
            status, _headers, _body = self.send("POST", "/sign-in", given)
            assert status == 302, f"{email} cannot sign in ({status})"

    def send(
        self, method: str, path: str, fields: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for set_cookie in answer.headers.get_all("Set-Cookie", []):
            if set_cookie.partition("=")[0].endswith("second-read"):
                self.cookie = set_cookie.partition(";")[0]
        return answer.status, answer.headers, content

    def _token(self, path: str) -> str:
        return token_in(self.send("GET", path)[2].decode())


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no form"
    return found.group(1)


def measure(port: int, pages: Sequence[Page], password: str) -> dict[str, Figures]:
    """Ask for every page in turn, over and over, so that whatever else happens happens to all of them."""
    clients = {email: Client(port, email, password) for email in {page.email for page in pages}}
    tokens = {
        page.name: token_in(clients[page.email].send("GET", page.path)[2].decode())
        for page in pages
        if page.fields
    }
    found: dict[str, Figures] = defaultdict(Figures)
    # As through a proxy. Whoever connects stays with one worker: by a connection of their own, somebody with few pages
    # would find it cold, and a plain page that is cold too would excuse all others.
    ways = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(CONNECTIONS)]
    for turn in range(WARM_UPS + REQUESTS):
        for place, page in enumerate(pages):
            sent = {"csrf_token": tokens[page.name], **page.fields(f"{turn}")} if page.fields else None
            clients[page.email].connection = ways[(turn + place) % CONNECTIONS]
            start = time.perf_counter()
            status, headers, body = clients[page.email].send("POST" if sent else "GET", page.path, sent)
            took = (time.perf_counter() - start) * 1000
            assert status == (302 if sent and not page.comes_back else 200), f"{page.name}: {status}"
            if turn >= WARM_UPS:
                figures = found[page.name]
                figures.times.append(took)
                figures.statements, figures.size = int(headers["Statements"]), len(body)
    return found


def resident(pids: Sequence[int]) -> float:
    """The memory these processes hold, in MB, what they share counted once."""
    return sum(_kilobytes(pid) for pid in pids) / 1024


def _kilobytes(pid: int) -> int:
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def workers_of(pid: int) -> Iterator[int]:
    """The children of a process."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        yield from map(int, file.read().split())
