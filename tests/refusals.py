"""Rules called with what they refuse, and with the nearest that they allow."""

from collections.abc import Callable
from typing import Any

import pytest

from salon.platform.words.errors import RuleBroken

Arguments = tuple[Any, ...]
Refusal = tuple[type[RuleBroken], Callable[..., object], Arguments, Arguments]
"""The error, the rule, arguments that it refuses, and arguments that it allows."""


def check_refusal(refusal: Refusal) -> None:
    """Call the rule both ways."""
    error, rule, refused, allowed = refusal
    with pytest.raises(error) as raised:
        rule(*refused)
    assert type(raised.value) is error
    rule(*allowed)
