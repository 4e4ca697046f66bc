"""``python -m ropewalk``: the ropewalk command, where it is installed beside."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def find_command() -> str | None:
    """The command that ROPEWALK_COMMAND names, or the one beside this Python, or the first on the path."""
    named = os.environ.get("ROPEWALK_COMMAND")
    if named:
        return named
    beside = Path(sys.executable).with_name("ropewalk")
    return str(beside) if os.access(beside, os.X_OK) else shutil.which("ropewalk")


def main() -> int:
    command = find_command()
    if command is None:
        print(
            "ropewalk: the command is not installed; `./run install` in a checkout of Ropewalk installs it, "
            "and ROPEWALK_COMMAND may name it",
            file=sys.stderr,
        )
        return 127
    try:
        os.execv(command, [command, *sys.argv[1:]])
    except OSError as error:
        print(f"ropewalk: {command}: {error.strerror}", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main())
