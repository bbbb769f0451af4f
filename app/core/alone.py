"""One module of a package whose other modules are not needed.

Some packages load all they have as soon as anything of them is asked for: the holidays of 250 countries, the endings
of words in 39 languages. Each process of the service would hold 11 MB of those, and wait for them.
"""

import sys
import threading
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType

_loading = threading.Lock()


def alone(name: str) -> ModuleType:
    """The module of this full name, without running the package it is in, which is there only while it loads."""
    package = name.rpartition(".")[0]
    with _loading:
        if package in sys.modules:
            return import_module(name)
        spec = find_spec(package)
        if spec is None:
            raise ModuleNotFoundError(f"No package is named {package}.", name=package)
        sys.modules[package] = module_from_spec(spec)
        try:
            return import_module(name)
        finally:
            del sys.modules[package]
