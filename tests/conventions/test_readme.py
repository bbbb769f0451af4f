from __future__ import annotations

import re
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text()
CONFIG = (Path(__file__).parents[2] / "config.py").read_text()


def commands(group, prefix=""):
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        yield from commands(command, f"{prefix}{name} ") if inner else [(f"{prefix}{name}", command)]


def test_the_readme_names_every_setting_the_environment_can_give():
    read = set(re.findall(r'environ(?:\.get\(|, )"([A-Z_]+)"', CONFIG))

    assert {name for name in read if f"`{name}`" not in README} == set()


def test_the_readme_names_every_command_and_each_has_an_example(app):
    ours = [(name, command) for name, command in commands(app.cli) if name not in {"run", "shell", "routes"}]

    assert [name for name, _command in ours if name not in README] == []
    assert [name for name, command in ours if "Example: " not in (command.epilog or "")] == []
