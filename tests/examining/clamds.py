"""Stubs of ClamAV: one that knows EICAR, one that never answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@contextmanager
def scanner(*, hangs: bool = False) -> Iterator[str]:
    """The address of one, while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, over, hangs), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join(5)


def _serve(server: socket.socket, over: threading.Event, hangs: bool) -> None:
    while not over.is_set():
        try:
            client, _address = server.accept()
        except TimeoutError:
            continue
        with client, client.makefile("rb") as said:
            if hangs:
                over.wait(30)
                return
            assert said.read(10) == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(said.read(4), "big"):
                content += said.read(size)
            client.sendall(b"stream: Eicar-Test FOUND\0" if EICAR in content else b"stream: OK\0")


def nobody() -> str:
    """An address at which nobody listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"
