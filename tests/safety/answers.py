"""The answers of a stand with nothing to declare."""

from typing import Any

from salon.safety.engine.questions import QUESTIONS, Kind

QUIET: dict[str, Any] = {
    **{
        question.key: False
        for question in QUESTIONS
        if question.kind == Kind.YES_NO and not question.after
    },
    "height_m": 2.5,
    "people": 4.0,
}
