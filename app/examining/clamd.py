"""Asking ClamAV about a file, over its socket: https://docs.clamav.net/manual/Usage/Scanning.html#clamd (INSTREAM)."""

from __future__ import annotations

import socket
import time
from typing import BinaryIO

PIECE = 64 * 1024
#: Seconds for one word of the scanner, and for one whole file.
PATIENCE, AT_MOST = 60.0, 240.0


class NoScanner(Exception):
    """The scanner could not say, for the reason given as a sentence. The file is not scanned."""


def scan(address: str, stream: BinaryIO) -> str:
    """The name of what the file is infected with; empty if it is clean. `address` is a path, or host:port."""
    try:
        with _reached(address) as scanner:
            _send(scanner, stream)
            said = _answer(scanner)
    except TimeoutError:
        raise NoScanner("The virus scanner did not answer in time.") from None
    except OSError:
        raise NoScanner("The virus scanner could not be reached.") from None
    if said == "stream: OK":
        return ""
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND")[:200]
    if "size limit" in said:
        raise NoScanner("This file is larger than the virus scanner takes.")
    raise NoScanner("The virus scanner did not say whether the file is clean.")


def _reached(address: str) -> socket.socket:
    if address.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(PATIENCE)
        try:
            scanner.connect(address)
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), PATIENCE)


def _send(scanner: socket.socket, stream: BinaryIO) -> None:
    until = time.monotonic() + AT_MOST
    scanner.sendall(b"zINSTREAM\0")
    while piece := stream.read(PIECE):
        if time.monotonic() > until:
            raise TimeoutError
        scanner.sendall(len(piece).to_bytes(4, "big") + piece)
    scanner.sendall(bytes(4))


def _answer(scanner: socket.socket) -> str:
    said = b""
    while len(said) < 1024 and not said.endswith(b"\0") and (piece := scanner.recv(1024)):
        said += piece
    return said.rstrip(b"\0\n").decode(errors="replace")
