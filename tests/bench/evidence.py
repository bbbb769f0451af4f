"""How fast evidence comes in: images received and read, and one gigabyte in parts, each beside the plain way.

Everything is a ratio in one run. The plain way to take in a gigabyte is `cp` and `sha256sum`; of images, see `images`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from threading import Event, Thread

from tests.bench import images
from tests.bench.measure import Client, resident, token_in, workers_of
from tests.bench.sender import EMAIL, PASSWORD, Told, delivery_in, office_of
from tests.bench.serving import address_of, folder_of, served

LARGE, PART = 1024 * 1024 * 1024, 8 * 1024 * 1024
#: At least this share of the plain rate; at most so many times the plain time; MiB that a worker may grow by.
TAKEN, MEANWHILE, GROWN = 0.5, 2, 64
#: Seconds between two pages of whoever reads meanwhile: twenty times as busy as a person.
BETWEEN = 0.1


def measured(database: str) -> list[str]:
    """Measure on that database, print the figures, and say which are beyond the budget."""
    shutil.rmtree(folder_of("evidence"))
    folder = folder_of("evidence")
    try:
        with address_of(database, "evidence", anew=True) as url:
            told = [*images.figures(url, folder), *_a_gigabyte(url, folder)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\nEvidence on {database}")
    for one in told:
        print(f"  {one.name:<44}{one.figure:>9}  {one.how}{'' if one.within else '  <-'}")
    return [f"{database}, {one.name}: {one.figure}" for one in told if not one.within]


def _a_gigabyte(url: str, folder: Path) -> Iterator[Told]:
    """Send one file of 1 GiB in parts while somebody else reads pages."""
    large = folder / "large.bin"
    with large.open("wb") as file:
        for _ in range(LARGE // PART):
            file.write(os.urandom(PART))
    plain = min(_copied_and_hashed(large) for _ in range(2))
    with office_of(url, folder) as (_app, reference):
        delivery = delivery_in(reference)
    with served(url, "evidence") as (port, pid):
        sender, reader = Client(port, EMAIL, PASSWORD), Client(port, EMAIL, PASSWORD)
        idle = [_asked(reader, after=BETWEEN) for _ in range(100)]
        before, most, over = max(_held(pid)), [0.0], Event()
        busy: list[float] = []

        def read_on() -> None:
            while not over.is_set():
                busy.append(_asked(reader, after=BETWEEN))
                most[0] = max(most[0], *_held(pid))

        thread = Thread(target=read_on)
        thread.start()
        start = time.perf_counter()
        digest = _send(sender, f"/cases/{reference}/deliveries/{delivery}", large)
        took = time.perf_counter() - start
        over.set()
        thread.join()
    assert digest == hashlib.file_digest(large.open("rb"), "sha256").hexdigest()
    yield Told(
        "1 GiB in parts, share of the rate of cp and sha256",
        f"{plain / took:.0%}",
        f"{took:.1f} s; cp and sha256 {plain:.1f} s",
        plain / took >= TAKEN,
    )
    yield Told(
        "pages of others meanwhile, times their median",
        f"{median(busy) / median(idle):.1f}",
        f"{median(busy):.1f} ms; idle {median(idle):.1f} ms",
        median(busy) <= MEANWHILE * median(idle),
    )
    grown = most[0] - before
    yield Told("growth of a web process, MiB", f"{grown:.0f}", f"from {before:.0f}", grown <= GROWN)


def _copied_and_hashed(large: Path) -> float:
    copy = large.with_suffix(".copy")
    start = time.perf_counter()
    subprocess.run(["cp", str(large), str(copy)], check=True)
    subprocess.run(["sync", str(copy)], check=True)
    subprocess.run(["sha256sum", str(copy)], check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - start
    copy.unlink()
    return took


def _send(client: Client, delivery: str, large: Path) -> str:
    """Send the file as our script does: announced, then part by part. Its hash, as the service has it."""
    token = token_in(client.send("GET", f"{delivery}/files")[2].decode())
    announced = {"place": large.name, "bytes": f"{LARGE}", "type": "video/mp4", "modified": "1"}
    said = json.loads(client.send("POST", f"{delivery}/uploads", announced | {"csrf_token": token})[2])
    headers = {"Cookie": client.cookie, "X-CSRFToken": token, "Content-Type": "application/octet-stream"}
    part = bytearray(PART)
    with large.open("rb") as file:
        for number in range(LARGE // PART):
            file.readinto(part)
            client.connection.request("POST", f"{said['parts']}{number}", part, headers)
            said = json.loads(client.connection.getresponse().read())
    assert said["state"] == "entered", said
    return str(said["sha256"])


def _asked(client: Client, *, after: float) -> float:
    """Milliseconds of one page of the caseload, after a pause of so many seconds."""
    time.sleep(after)
    start = time.perf_counter()
    status, _headers, _body = client.send("GET", "/caseload/")
    assert status == 200, status
    return (time.perf_counter() - start) * 1000


def _held(server: int) -> list[float]:
    """MiB that each web process holds."""
    return [resident([pid]) for pid in workers_of(server)]
