"""Holds the results of the official suite against expected-failures.json: verdict.py REVISION RESULTS_DIR LOG

Prints one line. Fails on a check that failed or warned unexpectedly, on one that passed although a failure was
expected, and when next to nothing was checked. What the suite itself does not score (extensions that zava-mcp does not
have) is left out.
"""

import json
import pathlib
import re
import sys

LEAST_CHECKS = 40


def unscored(log):
    """The scenarios that the suite runs and says it does not count."""
    return set(re.findall(r"^  \S (\S+) \([a-z-]+\)$", log, re.MULTILINE))


def checks(results, leave_out):
    """Every check that was made, as (scenario/check, how it ended, why)."""
    for file in sorted(results.glob("*/checks.json")):
        scenario = re.sub(r"-\d{4}-\d\d-\d\dT.*$", "", file.parent.name.removeprefix("server-"))
        for check in json.loads(file.read_text()) if scenario not in leave_out else []:
            if check["status"] in ("SUCCESS", "FAILURE", "WARNING"):
                yield f"{scenario}/{check['id']}", check["status"], check.get("errorMessage", "")


def main(revision, results, log):
    expected = json.loads(pathlib.Path(__file__).with_name("expected-failures.json").read_text())[revision]
    made = list(checks(pathlib.Path(results), unscored(pathlib.Path(log).read_text())))
    failed = {name: why for name, status, why in made if status != "SUCCESS"}
    wrong = [f"failed: {name}: {why}" for name, why in failed.items() if name not in expected]
    wrong += [f"passes by now, or is not run: {name}" for name in expected if name not in failed]
    if len(made) < LEAST_CHECKS:
        wrong.append(f"only {len(made)} checks were made")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(made) - len(failed)} of {len(made)} checks; the bridge fails the rest")


main(*sys.argv[1:])
