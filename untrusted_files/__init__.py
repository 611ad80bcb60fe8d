"""Files that strangers send, read in a process of their own, bounded in time and memory.

It knows no fair: it says what a file is, or why it is refused, in words for who sent it.
"""


class FileRefused(Exception):
    """The file is not what was asked for; `message` is shown to the person as it is."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)
