"""The child that reads files: a program of its own, run by its path, so that it never imports the service.

It gives up what it does not need before it is handed a file: the network, large files, core dumps, new
privileges, other processes where the system allows. Then it reads tasks as lines of JSON and answers in kind.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
#: What a library would load to fetch things with: that takes time, and there is no network.
USELESS = ("requests",)


def main() -> None:
    """Answer every line until there are no more: a task is a reader, a path, options, and seconds."""
    asked, answered = sys.stdin.buffer, _the_only_way_out()
    network = without_network()
    limits = json.loads(asked.readline())
    kept = [name for name, most in limits.items() if _limit(name, most)]
    sys.path.insert(0, str(Path(__file__).parent))
    for name in USELESS:
        sys.modules[name] = None  # type: ignore[assignment]
    readers = import_module("readers")
    _say(answered, {"network": network, "limits": kept})
    for line in asked:
        _say(answered, _done(readers, json.loads(line)))


def without_network() -> str:
    """Leave the network behind. How: "none" if the system sees to it, "refused" if only this program does."""
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        if libc.unshare(CLONE_NEWNET) == 0 or libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
            return "none"

    def refuse(event: str, _arguments: Any) -> None:
        if event.startswith("socket."):
            raise PermissionError("no network here")

    sys.addaudithook(refuse)
    return "refused"


def _limit(name: str, most: int) -> bool:
    """Set one limit of the system for good; False where it has none of this name, as Windows."""
    try:
        import resource

        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    except (ImportError, AttributeError, ValueError, OSError):
        return False
    return True


def _allow_seconds(seconds: int) -> None:
    """End this process if the next task takes longer, of the processor or of the wall: the worker may be gone."""
    with suppress(ImportError, AttributeError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        signal.alarm(seconds * 2)


def _done(readers: Any, task: dict[str, Any]) -> dict[str, Any]:
    _allow_seconds(task["seconds"])
    try:
        return {"answer": readers.named(task["reader"])(task["path"], **task["options"])}
    except readers.Unreadable as reason:
        return {"unreadable": str(reason)}
    except MemoryError:
        return {"unreadable": "Reading this file would take more memory than one file is given."}
    except RecursionError:
        return {"unreadable": "What is in this file is nested too deep."}
    except LookupError as trouble:
        return {"broken": f"{type(trouble).__name__}: {trouble}"}
    except Exception as trouble:
        return {"broken": type(trouble).__name__}


def _the_only_way_out() -> Any:
    """What is answered goes to the first standard output; what a library prints goes nowhere."""
    way = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return way


def _say(answered: Any, words: dict[str, Any]) -> None:
    answered.write(json.dumps(words).encode() + b"\n")
    answered.flush()


if __name__ == "__main__":
    main()
