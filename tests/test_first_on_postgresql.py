"""Which tests `make test` runs on PostgreSQL."""

import ast

from scripts.first_on_postgresql import LIST, OWN_WAY, fewest, statement_of

TESTS = LIST.parent


def test_the_list_names_tests() -> None:
    names: dict[str, set[str]] = {}
    for line in LIST.read_text("utf-8").splitlines():
        path, _, name = line.partition("::")
        names.setdefault(path, set()).add(name)
    for path, functions in names.items():
        tree = ast.parse((TESTS / path).read_text("utf-8"))
        assert functions <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_as_few_tests_as_send_every_statement_are_kept() -> None:
    sent = {"a": {"lock"}, "b": {"lock", "sort"}, "c": {"upsert"}, "d": {"sort"}, "e": set()}
    assert fewest(sent) == ["b", "c"]


def test_a_statement_is_the_same_whatever_its_values() -> None:
    few = "INSERT INTO t (a, b)\n VALUES (%(a)s::INTEGER, %(b)s)"
    many = "INSERT INTO t (a, b) VALUES (%(a0)s, %(b0)s), (%(a1)s, %(b1)s)"
    assert statement_of(few) == statement_of(many) == "INSERT INTO t (a, b) VALUES (?)"


def test_what_locks_upserts_sorts_or_computes_is_of_its_own_way() -> None:
    for sql in ("SELECT a FROM t FOR UPDATE", "INSERT … ON CONFLICT DO NOTHING", "… ORDER BY name"):
        assert OWN_WAY.search(sql)
    assert not OWN_WAY.search("SELECT a FROM t WHERE b = ?")
