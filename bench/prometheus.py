"""A real Prometheus on 127.0.0.1, with the collection and the alerts of `deploy/prometheus/`."""

import json
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml

from bench.web import ROOT, free_port

FILES = ROOT / "deploy" / "prometheus"
PATIENCE_S = 60


@contextmanager
def prometheus(web_port: int, token: str, scrape_s: int) -> Iterator[int]:
    """Yield the port of a Prometheus that collects from the server as `deploy/prometheus/` says."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        (Path(folder) / "token").write_text(token)
        config = yaml.safe_load((FILES / "scrape.yml").read_text())
        config["global"] = {"evaluation_interval": f"{scrape_s}s"}
        config["rule_files"] = [str(FILES / "alerts.yml")]
        job = config["scrape_configs"][0]
        job["scrape_interval"] = job["scrape_timeout"] = f"{scrape_s}s"
        job["authorization"]["credentials_file"] = f"{folder}/token"
        job["static_configs"] = [{"targets": [f"127.0.0.1:{web_port}"]}]
        (Path(folder) / "prometheus.yml").write_text(yaml.safe_dump(config))
        process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={folder}/prometheus.yml",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_ready(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _wait_until_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready"):
            return
        time.sleep(0.1)
    raise RuntimeError("Prometheus does not answer")


def ask(port: int, kind: str, **arguments: object) -> list[dict[str, Any]]:
    """Return the series of an answer (`query` or `query_range`). Raises RuntimeError if refused."""
    address = f"http://127.0.0.1:{port}/api/v1/{kind}?{urllib.parse.urlencode(arguments)}"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return result
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{arguments['query']}: {error.read().decode()}") from error
