"""Runs the pages' modules in Node, away from any browser."""

import json
import subprocess
from typing import Any

from salon.platform.settings.installation import ROOT
from scripts.node import node

PROGRAM = """
import {{ readFileSync }} from "node:fs";
import {names} from "./static/js/{module}";
const work = {work};
const answer = await work(JSON.parse(readFileSync(0, "utf8")));
process.stdout.write(JSON.stringify(answer));
"""


def run(module: str, names: str, work: str, argument: Any) -> Any:
    """Return what the function `work` makes of an argument with these names of a module."""
    program = PROGRAM.format(module=module, names=names, work=work)
    done = subprocess.run(
        [node(), "--input-type=module", "--eval", program],
        cwd=ROOT,
        input=json.dumps(argument),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
