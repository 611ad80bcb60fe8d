"""Files that go with the messages of the rota."""

from typing import Any

from salon.deliver import Attachment


def attachments(kind: str, context: dict[str, Any]) -> list[Attachment]:
    """The shifts that a message speaks of, as a calendar file."""
    return []
