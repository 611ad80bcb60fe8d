"""The software of a salon des maires."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from salon.platform.settings import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Build the application. Raises UnsafeSettings when the environment is not safe.

    The features are imported at the first call: `salon --help` does without them.
    """
    from salon.application import build_application

    return build_application(settings)
