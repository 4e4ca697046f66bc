"""The tests of the package for ctest: exit status 77, skipped, where Python lacks what they need."""

import importlib.util
import sys
from pathlib import Path

missing = [name for name in ("pytest", "numpy", "nanobind_backend") if importlib.util.find_spec(name) is None]
if missing:
    print(f"skipped: {sys.executable} has no {', '.join(missing)}")
    sys.exit(77)

import pytest

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", str(Path(__file__).parent)]))
