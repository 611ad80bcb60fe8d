"""The files for Prometheus and Grafana name metrics that exist; each alert fires when it should."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from salon.accounts.services.stations import issue_station_token
from salon.dashboard.queries.installation import JOB_TABLES
from salon.entrance.models import Verdict
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.marks import BACKUP, note_done
from salon.platform.mail import outbox
from salon.platform.mail.outbox import MessageStatus
from salon.platform.settings.installation import ROOT, Settings
from salon.platform.work import operations
from salon.platform.work.heartbeat import beat
from tests.platform.work.operations.test_metrics import counting_server, scan, text_of_metrics

PROMETHEUS = ROOT / "deploy" / "prometheus"
ALERTS = PROMETHEUS / "alerts.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "salon.json"
GUIDE = ROOT / "docs" / "guides" / "exploitation.md"
METRIC = re.compile(r"\bsalon_\w+")


def rules() -> list[dict[str, str]]:
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return panels


def panel_expressions() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def renamed_series(title: str) -> dict[str, str]:
    """Return the names that a panel gives to its series, by the values of their label."""
    [panel] = [panel for panel in panels() if panel["title"] == title]
    options = [transformation["options"] for transformation in panel["transformations"]]
    return {option["regex"]: option["renamePattern"] for option in options}


def test_every_metric_that_the_files_name_is_answered(
    app: Flask, edition: Edition, settings: Settings
) -> None:
    beat(settings.data)
    note_done(BACKUP, "")
    with transaction() as session:
        outbox.post(session, "mail_check", "a@b.example", sent_at="")
    station = issue_station_token(Act(SYSTEM), "Porte A", edition.id)
    with counting_server(settings) as (port, _):
        scan(port, station, "A" * 26)
        families = text_string_to_metric_families(text_of_metrics(port))
        answered = {sample.name for family in families for sample in family.samples}
    for expression in (*panel_expressions(), *(rule["expr"] for rule in rules())):
        named = set(METRIC.findall(expression))
        assert named - answered == set(), expression
        assert named or "up{" in expression or "ALERTS" in expression
    production = (ROOT / "docs" / "production.md").read_text()
    families_named = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in answered}
    ours = {name for name in families_named if name.startswith("salon_")}
    assert {name for name in ours if f"`{name}`" not in production} == set()


def test_each_alert_is_explained_in_the_guide() -> None:
    guide = GUIDE.read_text()
    assert [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in guide] == []
    assert all(rule["annotations"].keys() == {"summary", "description"} for rule in rules())  # type: ignore[attr-defined]


def test_each_alert_fires_on_its_fault_and_none_in_good_order(tmp_path: Path) -> None:
    cases = Path(__file__).with_name("alerts_test.yml").read_text()
    broken = yaml.safe_load(cases)["tests"][1]["promql_expr_test"][0]["exp_samples"]
    fired = {re.findall(r'"(\w+)"', sample["labels"])[0] for sample in broken}
    assert fired == {rule["alert"] for rule in rules()}
    promtool = shutil.which("promtool")
    if promtool is None:  # a machine without Debian's package: the files are read above
        return
    tests = tmp_path / "alerts_test.yml"
    tests.write_text(cases.replace("[ALERTS]", f"[{ALERTS}]"))
    for words in (("check", "rules", ALERTS), ("test", "rules", tests)):
        completed = subprocess.run([promtool, *words], capture_output=True, text=True)
        assert completed.returncode == 0, completed.stdout + completed.stderr
    scrape = yaml.safe_load((PROMETHEUS / "scrape.yml").read_text())
    token = tmp_path / "token"
    token.touch()
    scrape["scrape_configs"][0]["authorization"]["credentials_file"] = str(token)
    config = tmp_path / "prometheus.yml"
    config.write_text(yaml.safe_dump({**scrape, "rule_files": [str(ALERTS)]}))
    completed = subprocess.run(
        [promtool, "check", "config", config], capture_output=True, text=True
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr


def test_each_panel_has_data_where_everything_is_measured(tmp_path: Path) -> None:
    """Each expression becomes a recording rule, which `promtool` evaluates on series of ours."""
    promtool = shutil.which("promtool")
    if promtool is None:
        return
    recorded = {
        f"panel_{panel['id']}_{target['refId']}": target["expr"]
        .replace("$__rate_interval", "2m")
        .replace("$__range", "10m")
        for panel in panels()
        for target in panel["targets"]
    }
    rule_list = [{"record": name, "expr": expr} for name, expr in recorded.items()]
    rules_file = tmp_path / "rules.yml"
    rules_file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rule_list}]}))
    cases = yaml.safe_load(Path(__file__).with_name("dashboard_test.yml").read_text())
    cases["rule_files"] = [str(rules_file)]
    cases["tests"][0]["promql_expr_test"].append(
        {
            "expr": 'group by (__name__) ({__name__=~"panel_.+"})',
            "eval_time": "10m",
            "exp_samples": [{"labels": name, "value": 1} for name in recorded],
        }
    )
    tests = tmp_path / "dashboard_test.yml"
    tests.write_text(yaml.safe_dump(cases))
    completed = subprocess.run([promtool, "test", "rules", tests], capture_output=True, text=True)
    assert completed.returncode == 0, completed.stdout + completed.stderr


def test_each_panel_can_be_read_and_is_explained() -> None:
    guide = GUIDE.read_text()
    scraped_every = yaml.safe_load((PROMETHEUS / "scrape.yml").read_text())["scrape_configs"][0][
        "scrape_interval"
    ]
    for panel in panels():
        title, targets = panel["title"], panel["targets"]
        assert f"« {title} »" in guide
        assert panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert len(title) <= 5 * panel["gridPos"]["w"], f"{title} is cut"
        for target in targets:
            several = len(targets) > 1 or " by (" in target["expr"]
            assert target["legendFormat"] or not several, title
            # Grafana's $__rate_interval is four times this, or fifteen seconds where it is absent.
            assert target.get("instant") or target["interval"] == scraped_every, title


def test_legends_name_each_state_in_french() -> None:
    assert renamed_series("Passages par verdict").keys() == set(Verdict)
    assert renamed_series("Courriels").keys() == set(MessageStatus) - {MessageStatus.SENT}
    assert renamed_series("Opérations en échec").keys() == operations.KINDS.keys()
    tables = {f"(.+){table.__tablename__}" for table in JOB_TABLES}
    assert renamed_series("Travaux demandés").keys() == {"waiting", "running", *tables}
