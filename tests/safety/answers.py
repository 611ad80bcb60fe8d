"""The answers of a stand with nothing to declare."""

from typing import Any

from salon.safety.engine.questions import QUESTIONS, Kind

QUIET: dict[str, Any] = {
    **{one.key: False for one in QUESTIONS if one.kind == Kind.YES_NO and not one.after},
    "height_m": 2.5,
    "people": 4.0,
}
