"""Tables of cases that one test tries on one database."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import Parameter, signature
from typing import Any

import pytest


def each(
    names: str | Sequence[str],
    rows: Iterable[Any],
    ids: Iterable[str] | Callable[[Any], str] = repr,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Try every row in one test, one after the other; each row that fails is listed.

    For what reads, and for what is refused and writes nothing: the fixtures are made once for all
    the rows. A row that writes needs a database of its own (`pytest.mark.parametrize`).
    """
    fields = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    rows = list(rows)
    values = [(row,) if len(fields) == 1 else tuple(row) for row in rows]
    labels = [ids(row) for row in rows] if callable(ids) else list(ids)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        parameters = signature(test).parameters
        is_outer = "subtests" in parameters

        @wraps(test)
        def run(subtests: pytest.Subtests, **fixtures: Any) -> None:
            if is_outer:
                fixtures["subtests"] = subtests
            for label, row in zip(labels, values, strict=True):
                with subtests.test(label):
                    test(**fixtures, **dict(zip(fields, row, strict=True)))

        fixtures = [parameter for name, parameter in parameters.items() if name not in fields]
        if not is_outer:
            fixtures.append(Parameter("subtests", Parameter.POSITIONAL_OR_KEYWORD))
        run.__signature__ = signature(test).replace(parameters=fixtures)  # type: ignore[attr-defined]
        return run

    return decorate
