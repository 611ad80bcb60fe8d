"""The functions and constants of a mutant, given to the module that this process has imported."""

import re
import sys
from datetime import date, time, timedelta
from decimal import Decimal
from types import FunctionType, ModuleType
from typing import Any

from scripts.mutants.places import ROOT, Place

SIMPLE = (bool, int, float, str, bytes, type(None), Decimal, date, time, timedelta, re.Pattern)


def graft(place: Place) -> bool:
    """Graft the mutant; return whether it changes anything.

    A mutant of a table of objects, made at the import, changes nothing.
    """
    module = sys.modules[place.module]
    mutant = ModuleType(place.module)
    vars(mutant).update(__file__=module.__file__, __package__=module.__package__)
    exec(compile(place.source(), str(ROOT / place.path), "exec"), vars(mutant))
    return _graft_names(module, mutant, place.module)


def _graft_names(owner: Any, mutant: Any, module: str) -> bool:
    is_changed = False
    for name, value in list(vars(mutant).items()):
        current = vars(owner).get(name)
        if isinstance(value, type):
            if value.__module__ == module and value is not current:
                is_changed |= _graft_names(current, value, module)
        elif functions := _functions_of(value):
            for function, old in zip(functions, _functions_of(current), strict=True):
                is_changed |= function.__module__ == module and _graft_function(old, function)
            if clear := getattr(current, "cache_clear", None):
                clear()
        elif not name.startswith("__") and _is_simple(value) and value != current:
            _replace(owner, name, value)
            is_changed = True
    return is_changed


def _functions_of(value: Any) -> list[FunctionType]:
    """Return the functions that a function, a method, a property or a decorated one is made of."""
    parts = [value, *(getattr(value, name, None) for name in ("fget", "func", "__func__"))]
    parts.append(getattr(value, "__wrapped__", None))
    return [part for part in parts if isinstance(part, FunctionType)]


def _graft_function(old: FunctionType, new: FunctionType) -> bool:
    is_changed = old.__code__ != new.__code__
    old.__code__ = new.__code__
    for name in ("__defaults__", "__kwdefaults__"):
        before, after = getattr(old, name), getattr(new, name)
        if _is_simple(after) and after != before:
            setattr(old, name, after)
            is_changed = True
    return is_changed


def _is_simple(value: Any) -> bool:
    if isinstance(value, tuple | list | set | frozenset):
        return all(map(_is_simple, value))
    if isinstance(value, dict):
        return all(_is_simple(part) for item in value.items() for part in item)
    return type(value) in SIMPLE


def _replace(owner: Any, name: str, value: Any) -> None:
    """Give a class its attribute, or a constant to its module and to those that imported it."""
    current = vars(owner)[name]
    setattr(owner, name, value)
    if isinstance(owner, ModuleType):
        for module in list(sys.modules.values()):
            if vars(module).get(name) is current:
                setattr(module, name, value)
