#!/usr/bin/env python3
"""Asks zava-mcp one question over MCP, as an assistant would, and prints the answer as a table.

    examples/ask.py                                            revenue per month, asked by the Seattle manager
    examples/ask.py "Stores I can see" "SELECT name FROM retail.stores"
    examples/ask.py --rls-user 00000000-0000-0000-0000-000000000000 "All stores" "SELECT name FROM retail.stores"

Needs Python 3.8 and nothing else. The binary is target/release/zava-mcp beside this directory (`cargo build
--release`), else zava-mcp on PATH. Which database: the managed local one, or what DATABASE_URL and the other
variables of `zava-mcp --help` say. Exit code 1, with the server's own words, when there is no answer.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

SEATTLE = "f47ac10b-58cc-4372-a567-0e02b2c3d479"

TITLE = "Revenue per month, last 12 months"
SQL = """\
SELECT to_char(DATE_TRUNC('month', o.order_date), 'YYYY-MM') AS month,
       SUM(oi.total_amount) AS revenue,
       COUNT(DISTINCT o.order_id) AS orders
FROM retail.orders o
JOIN retail.order_items oi ON o.order_id = oi.order_id
WHERE o.order_date >= DATE_TRUNC('month', CURRENT_DATE) - INTERVAL '11 months'
GROUP BY 1
ORDER BY 1"""


class Failed(Exception):
    """No answer; the text says why."""


class Server:
    """A running zava-mcp: one JSON-RPC message per line, questions to its stdin, answers from its stdout."""

    def __init__(self, binary, rls_user):
        command = [binary, "--rls-user", rls_user, "--log", "warn"]
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
            )
        except OSError as error:
            raise Failed(f"cannot start {binary}: {error.strerror}") from error
        self.last_id = 0

    def __enter__(self):
        hello = {"name": "ask.py", "version": "1"}
        self.request("initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=hello)
        self.send(method="notifications/initialized")
        return self

    def __exit__(self, *_):
        # The end of its stdin is how a server is told to stop; only now, because it would drop what it is doing.
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()

    def send(self, **message):
        try:
            print(json.dumps({"jsonrpc": "2.0", **message}), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            raise Failed(self.last_words()) from None

    def request(self, method, **params):
        """Sends a request and returns its result, whatever notifications come first."""
        self.last_id += 1
        self.send(id=self.last_id, method=method, params=params)
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise Failed(answer["error"]["message"])
                return answer["result"]
        raise Failed(self.last_words())

    def query(self, sql):
        """Runs one SELECT; returns {"c": columns, "r": rows, "n": number of rows, ...}."""
        call = {"name": "execute_sales_query", "arguments": {"postgresql_query": sql}}
        result = self.request("tools/call", **call)
        if result.get("isError"):
            raise Failed(result["content"][0]["text"])
        return result["structuredContent"]

    def last_words(self):
        return f"zava-mcp ended with exit code {self.process.wait()} before it answered; its reason is above"


def table(columns, rows):
    """Lines of an aligned table; columns of numbers are aligned on the right."""
    cells = [[shown(value) for value in row] for row in rows]
    lines = []
    widths = [max(map(len, column)) for column in zip(columns, *cells)]
    right = [all(is_number(row[at]) for row in cells) for at in range(len(columns))]
    for row in [columns, ["-" * width for width in widths], *cells]:
        fields = zip(row, widths, right)
        lines.append("  ".join(text.rjust(width) if r else text.ljust(width) for text, width, r in fields).rstrip())
    return lines


def shown(value):
    """One value as text; numeric values arrive as strings already, to stay exact."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_number(text):
    try:
        float(text or 0)
    except ValueError:
        return False
    return True


def default_binary():
    built = Path(__file__).resolve().parent.parent / "target" / "release" / "zava-mcp"
    found = str(built) if built.is_file() else shutil.which("zava-mcp")
    if found is None:
        raise Failed("no zava-mcp here or on PATH; run `cargo build --release`, or give --binary PATH")
    return found


def arguments():
    summary, _, details = __doc__.partition("\n\n")
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=summary, epilog=details, formatter_class=raw)
    parser.add_argument("--rls-user", metavar="UUID", default=SEATTLE, help="who asks (default: Seattle's manager)")
    parser.add_argument("--binary", metavar="PATH", help="the zava-mcp to ask")
    parser.add_argument("title", nargs="?", help="the question in words, to be printed")
    parser.add_argument("sql", nargs="?", help="the question as one SELECT")
    given = parser.parse_args()
    if given.title is not None and given.sql is None:
        parser.error("a title needs its SQL")
    return given


def main():
    given = arguments()
    title, sql = (TITLE, SQL) if given.sql is None else (given.title, given.sql)
    print(f"{title}\n")
    print("\n".join(f"    {line}" for line in sql.splitlines()), end="\n\n", flush=True)
    with Server(given.binary or default_binary(), given.rls_user) as server:
        answer = server.query(sql)
    print("\n".join(table(answer["c"], answer["r"])))
    count = f"({answer['n']} {'row' if answer['n'] == 1 else 'rows'})"
    print(answer.get("msg", count))


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))
