"""The software of a salon des maires."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salon.application import create_app as create_app


def __getattr__(name: str) -> object:
    """Load the features when `create_app` is asked for: `salon --help` does without them."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from salon.application import create_app

    return create_app
