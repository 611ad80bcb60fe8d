"""Every place of the rules and engines where an operator of cosmic-ray makes a mutant."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import parso.python.tree
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators import (
    binary_operator_replacement,
    boolean_replacer,
    break_continue,
    comparison_operator_replacement,
    number_replacer,
    unary_operator_replacement,
    zero_iteration_for_loop,
)
from cosmic_ray.operators.operator import Operator

ROOT = Path(__file__).resolve().parent.parent.parent

# One replacement for each operator: all of cosmic-ray's would break the same place ten times.
REPLACEMENTS = {
    binary_operator_replacement: "Add_Sub Sub_Add Mul_Div Div_Mul FloorDiv_Mul Mod_Mul "
    "BitOr_BitAnd BitAnd_BitOr",
    comparison_operator_replacement: "Eq_NotEq NotEq_Eq Lt_LtE LtE_Lt Gt_GtE GtE_Gt Is_IsNot "
    "IsNot_Is",
    unary_operator_replacement: "Delete_Not USub_UAdd",
}


class RaiseRemover(Operator):
    """Forget a refusal: `raise` becomes `pass`."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if node.type == "raise_stmt" or (node.type == "keyword" and _is_bare_raise(node)):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        prefix = node.get_first_leaf().prefix
        return parso.python.tree.Keyword("pass", node.start_pos, prefix)

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


def _is_bare_raise(node: Any) -> bool:
    return node.value == "raise" and node.parent.type != "raise_stmt"


OPERATORS: list[Operator] = [
    *(
        operator()
        for module, names in REPLACEMENTS.items()
        for operator in module.operators()
        if operator.__name__.partition("_")[2] in names.split()
    ),
    boolean_replacer.AddNot(),
    boolean_replacer.ReplaceTrueWithFalse(),
    boolean_replacer.ReplaceFalseWithTrue(),
    boolean_replacer.ReplaceAndWithOr(),
    boolean_replacer.ReplaceOrWithAnd(),
    break_continue.ReplaceBreakWithContinue(),
    break_continue.ReplaceContinueWithBreak(),
    number_replacer.NumberReplacer(),
    zero_iteration_for_loop.ZeroIterationForLoop(),
    RaiseRemover(),
]


@dataclass(frozen=True)
class Place:
    """The place of a mutant: the `occurrence`-th of an operator in a file."""

    path: Path
    operator: int
    occurrence: int
    line: int

    @property
    def feature(self) -> str:
        return self.path.parts[1]

    @property
    def package(self) -> str:
        return f"{self.feature}/{Path(*self.path.parts[2:3]).stem}"

    @property
    def module(self) -> str:
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    def source(self) -> str:
        text = (ROOT / self.path).read_text()
        mutated: str = mutate_code(text, OPERATORS[self.operator], self.occurrence)
        return mutated

    def definition(self) -> str:
        """Return the name of the function, class or constant around it."""
        for node in ast.parse((ROOT / self.path).read_text()).body:
            first = min(part.lineno for part in (node, *getattr(node, "decorator_list", ())))
            if first <= self.line <= (node.end_lineno or 0):
                names = [getattr(node, "name", ""), *map(ast.unparse, getattr(node, "targets", ()))]
                return next(filter(None, names), "")
        return ""

    def __str__(self) -> str:
        """Return what changes, without the line's number: the page of survivors quotes it."""
        old = (ROOT / self.path).read_text().splitlines()
        new = self.source().splitlines()
        pairs = zip(old, new, strict=False)
        before, after = next((a, b) for a, b in pairs if a != b)
        change = f"`{before.strip()}` → `{after.strip()}`"
        return f"`{self.path.relative_to('salon')}` `{self.definition()}` {change}"


def places() -> list[Place]:
    """Return every place of every mutant, in the order of the files."""
    files = sorted(
        path.relative_to(ROOT)
        for room in ("rules", "engine")
        for pattern in (f"*/{room}.py", f"*/{room}/**/*.py")
        for path in (ROOT / "salon").glob(pattern)
    )
    return [place for path in files for place in _places_of(path)]


def _places_of(path: Path) -> Iterator[Place]:
    counts: Counter[int] = Counter()
    for node in ast_nodes(get_ast((ROOT / path).read_text())):
        for number, operator in enumerate(OPERATORS):
            for position in operator.mutation_positions(node):
                yield Place(path, number, counts[number], position[0][0])
                counts[number] += 1
