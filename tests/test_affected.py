"""What `make affected` runs for a change."""

import pytest
from grimp import ImportGraph

from scripts.affected import affected_tests, import_graph


@pytest.fixture(scope="module")
def graph() -> ImportGraph:
    return import_graph()


@pytest.mark.parametrize(
    ("path", "selected", "left"),
    [
        ("salon/leads/rules.py", {"tests/leads"}, {"tests/accounts", "tests/badges"}),
        ("salon/badges/engine/matching.py", {"tests/badges", "tests/entrance"}, {"tests/billing"}),
        (
            "salon/platform/settings/clock.py",
            {"tests/badges", "tests/fair", "tests/platform"},
            set(),
        ),
        (
            "salon/leads/routes/stand.py",
            {"tests/leads", "tests/test_walls.py", "tests/platform/pages/acts/test_table.py"},
            {"tests/accounts"},
        ),
        ("salon/application.py", {"tests"}, set()),
        ("webserver/gateway.py", {"tests/webserver"}, {"tests/badges"}),
        ("templates/paper/pack.html", {"tests/paper"}, {"tests/badges"}),
        ("templates/base.html", {"tests"}, set()),
        ("static/js/kiosk/kiosk.js", {"tests/kiosk", "tests/browser"}, {"tests/paper"}),
        ("docs/glossary.md", {"tests/test_documents.py"}, {"tests/paper"}),
        ("tests/paper/test_rules.py", {"tests/paper/test_rules.py"}, {"tests/paper"}),
        ("tests/accounts/conftest.py", {"tests/accounts"}, {"tests/paper"}),
        ("tests/badges/people.py", {"tests/badges/test_queries.py"}, {"tests/open_data"}),
        ("README.md", set(), {"tests"}),
    ],
)
def test_a_change_runs_the_tests_of_what_imports_it(
    graph: ImportGraph, path: str, selected: set[str], left: set[str]
) -> None:
    tests = set(affected_tests([path], graph))
    assert selected <= tests
    assert not left & tests
    assert not {"tests"} & tests or tests == {"tests"}
