"""An act is all that a service is told of who acts; its transaction alone holds mail."""

import ast
from datetime import timedelta

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act, MailHold, mail_hold_of
from salon.platform.database.db import transaction
from salon.platform.database.identity import Identity, Role
from salon.platform.settings.installation import ROOT

CLAIRE = Identity(Role.ORGANISER, 1, "Claire")


def test_a_service_is_told_who_acts_by_its_act_which_comes_first() -> None:
    salon = ROOT / "salon"
    paths = {*salon.glob("*/services/*.py"), *salon.glob("*/services.py"), *salon.glob("*/jobs.py")}
    with_act, faults = 0, []
    for path in sorted(paths - {salon / "fair/services/acts.py"}):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef):
                continue
            parameters = [*node.args.args, *node.args.kwonlyargs]
            names = [parameter.arg for parameter in parameters if parameter.arg != "self"]
            kinds = [ast.unparse(parameter.annotation or node) for parameter in parameters]
            has_act = names[:1] == ["act"]
            with_act += has_act
            beside = {"act", "now", "edition"} & set(names[1:]) if has_act else {"act"} & set(names)
            called = {
                ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)
            }
            # Who is lent a session by a context manager may post.
            is_lender = "contextmanager" in map(ast.unparse, node.decorator_list)
            writes_aside = "transaction" in called and (has_act or is_lender)
            if "Identity" in kinds or beside or writes_aside:
                faults.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert faults == []
    assert with_act > 400


def test_the_transaction_of_an_act_alone_holds_its_mail(edition: Edition) -> None:
    hold = MailHold(CLAIRE, timedelta(minutes=10))
    act = FairAct.of(Act(CLAIRE, hold=hold), edition)
    with act.transaction() as session:
        assert mail_hold_of(session) is hold
    for own_act in (transaction, Act(CLAIRE).transaction):
        with own_act() as session:
            assert mail_hold_of(session) is None
