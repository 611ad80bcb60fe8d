"""Each error of the rules is named by a test: whoever adds a rule shows what it refuses."""

import re
from collections.abc import Iterator

from salon.platform.words.errors import RuleBroken
from tests.collection import TESTS


def errors(base: type[RuleBroken] = RuleBroken) -> Iterator[type[RuleBroken]]:
    """Yield the errors that a rule raises, without those that only serve as a base."""
    for error in base.__subclasses__():
        if not error.__subclasses__() and ".rules" in error.__module__:
            yield error
        yield from errors(error)


def test_each_error_of_the_rules_is_named_by_a_test() -> None:
    texts = (path.read_text() for path in TESTS.rglob("test_*.py"))
    words = {word for text in texts for word in re.findall(r"\b[A-Z]\w+", text)}
    names = {error.__name__: error.__module__ for error in errors()}
    assert len(names) > 250
    assert {name: module for name, module in names.items() if name not in words} == {}
