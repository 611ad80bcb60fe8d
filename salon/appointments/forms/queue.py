"""Form to take a number."""

from salon.badges.engine.qr import LONGEST_READING
from salon.platform.forms import CreatingForm, line


class TakeForm(CreatingForm):
    code = line(
        "Code du badge",
        length=LONGEST_READING,
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
    )
