"""Running the jobs that wait, as the worker does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from salon.platform.web.access import settings
from salon.platform.work.jobs import JobKind, run_jobs


def run(
    kind: JobKind[Any, Any], is_ending: Callable[[], bool] = lambda: False, **changes: Any
) -> int:
    """Return the number of jobs run; `changes` are settings to replace."""
    return run_jobs(kind, replace(settings(), **changes), is_ending)
