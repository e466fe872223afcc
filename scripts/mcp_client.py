"""A client of MCP over pipes for `soak` and `faults`: many calls in flight, and every line of the server accounted for.

It also says what no client should. What comes back must be the one answer to a request that waits for it, or progress of
such a request; everything else is a broken promise.
"""

import collections
import json
import os
import queue
import re
import subprocess
import threading
import time

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
#: Longest wait for an answer. Nothing is slow by design; this tells late from never, on a loaded machine too.
NEVER = 120


class Promises:
    """What was found broken. Safe from every thread; a promise that breaks again and again is shown a few times."""

    def __init__(self, name):
        self.name, self.lock, self.broken = name, threading.Lock(), collections.OrderedDict()

    def broke(self, promise, detail):
        with self.lock:
            details = self.broken.setdefault(promise, [])
            details.append(detail)
            if len(details) <= 5:
                print(f"{self.name}: BROKEN, {promise}: {str(detail)[:600]}", flush=True)

    def held(self, held, promise, detail):
        if not held:
            self.broke(promise, detail)
        return held

    def count(self):
        with self.lock:
            return sum(map(len, self.broken.values()))


def key(number):
    """An id as a key: 1, 1.0 and "1" are three."""
    return json.dumps(number)


class Server:
    """One process of the server under test, with the environment that it is given and no other."""

    def __init__(self, name, command, environment, promises, expected_log, modern=False, patience=NEVER):
        self.name, self.promises, self.modern, self.patience = name, promises, modern, patience
        self.expected_log = [re.compile(line) for line in expected_log]
        self.lock, self.writing, self.nobody = threading.Lock(), threading.Lock(), threading.Lock()
        self.waiting, self.cancelled, self.tokens = {}, {}, set()
        self.numbers, self.answers, self.refused = 0, 0, 0
        self.log = collections.Counter()
        self.ending = False
        # in a session of its own: Ctrl-C is for the program that tries it
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, env=environment,
            start_new_session=True,
        )
        self.threads = [threading.Thread(target=read, daemon=True) for read in (self._read, self._read_log)]
        for thread in self.threads:
            thread.start()
        if not modern:
            hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "soak", "version": "0"}}
            self.ask("initialize", hello)
            self.write(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}).encode())

    # --- what is said

    def write(self, line):
        """One line, of whatever."""
        with self.writing:
            view = memoryview(line + b"\n")
            while view:
                view = view[self.process.stdin.write(view):]

    def number(self):
        """An id that was never used: every third one is a text, of the digits that another one has as a number."""
        with self.lock:
            self.numbers += 1
            return str(self.numbers - 1) if self.numbers % 3 == 0 else self.numbers

    def request(self, number, method, params=None, token=None):
        params = dict(params or {})
        meta = dict(META) if self.modern else {}
        if token is not None:
            meta["progressToken"] = token
        if meta:
            params["_meta"] = meta
        return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode()

    def send(self, method, params=None, token=None):
        """Asks and does not wait. The id."""
        number = self.number()
        self.expect(number, token)
        self.write(self.request(number, method, params, token))
        return number

    def ask(self, method, params=None, patience=None):
        """Asks and waits: the whole message, or None when it never came."""
        return self.answer(self.send(method, params), patience)

    def call(self, tool, arguments, patience=None):
        """Calls a tool: its result, or None when there was none."""
        answer = self.ask("tools/call", {"name": tool, "arguments": arguments}, patience)
        return answer and answer.get("result")

    def cancel(self, number, finished_is_fine):
        """Cancels a request: no answer comes any more, unless it may have been on its way already."""
        with self.lock:
            if self.waiting.pop(key(number), None) is not None:
                self.cancelled[key(number)] = finished_is_fine
        message = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": number}}
        self.write(json.dumps(message).encode())

    # --- what comes back

    def expect(self, number, token=None):
        slot = queue.Queue()
        with self.lock:
            assert key(number) not in self.waiting, number
            self.waiting[key(number)] = slot
            if token is not None:
                self.tokens.add(key(token))
        return slot

    def answer(self, number, patience=None, more=False):
        """Waits for the answer to an id that was expected. With `more` a second one is expected afterwards."""
        patience = patience or self.patience
        with self.lock:
            slot = self.waiting.get(key(number))
        try:
            message = slot.get(timeout=patience)
        except queue.Empty:
            message = None
        if message is None and not self.ending:
            gone = self.process.poll()
            self.promises.broke("every call is answered", f"{self.name}: no answer to {number} in {patience} s, exit code {gone}")
        if not more:
            with self.lock:
                self.waiting.pop(key(number), None)
        return message

    def _read(self):
        stream = os.fdopen(os.dup(self.process.stdout.fileno()), "rb", buffering=1 << 16)
        for line in stream:
            try:
                message = json.loads(line)
                assert isinstance(message, dict) and message.get("jsonrpc") == "2.0"
            except (ValueError, AssertionError):
                self.promises.broke("stdout carries messages only", f"{self.name}: {line[:300]!r}")
                continue
            if "method" in message:
                self._notified(message)
            else:
                self._answered(message)
        with self.lock:
            slots = list(self.waiting.values())
        for slot in slots:  # whoever waits need not wait for a process that is gone
            slot.put(None)

    def _answered(self, message):
        number = key(message.get("id"))
        with self.lock:
            self.answers += 1
            self.refused += "error" in message
            slot = self.waiting.get(number)
            if slot is not None:
                if getattr(slot, "answered", 0) >= getattr(slot, "wanted", 1):
                    slot = None
                else:
                    slot.answered = getattr(slot, "answered", 0) + 1
            late = slot is None and self.cancelled.pop(number, False)
        if slot is not None:
            slot.put(message)
        elif not late:
            self.promises.broke("no answer to an id that nobody asked with", f"{self.name}: {json.dumps(message)[:300]}")

    def _notified(self, message):
        token = key(message.get("params", {}).get("progressToken"))
        with self.lock:
            known = message["method"] == "notifications/progress" and token in self.tokens
        self.promises.held(known, "no notification that nobody asked for", f"{self.name}: {message}")

    def _read_log(self):
        stream = os.fdopen(os.dup(self.process.stderr.fileno()), "r", errors="replace")
        for line in stream:
            line = re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip()
            for pattern in self.expected_log:
                if pattern.search(line):
                    self.log[pattern.pattern] += 1
                    break
            else:
                self.promises.broke("no unexpected line on the log", f"{self.name}: {line}")

    # --- the process

    def usage(self):
        """Resident KiB, descriptors, threads and seconds of processor of the process; None when it is gone."""
        proc = f"/proc/{self.process.pid}"
        try:
            with open(f"{proc}/status") as file:
                status = dict(line.split(":", 1) for line in file)
            with open(f"{proc}/stat") as file:
                ticks = file.read().rsplit(")", 1)[1].split()
            seconds = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
            return int(status["VmRSS"].split()[0]), len(os.listdir(f"{proc}/fd")), int(status["Threads"]), seconds
        except (OSError, KeyError):
            return None

    def peak(self):
        """The most that was ever resident, in KiB."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))

    def end(self):
        """Hangs up: the process must end by itself, with exit code 0, and owe nothing."""
        with self.lock:
            owed = list(self.waiting)
        self.promises.held(not owed, "every call is answered", f"{self.name}: {owed} at the end")
        self.ending = True
        self.process.stdin.close()
        try:
            code = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.promises.held(code == 0, "it ends with its stdin", f"{self.name}: exit code {code}")
        for thread in self.threads:
            thread.join(10)


class Shop:
    """The throw-away PostgreSQL that scripts/with-test-server starts, with the seeded database `zava`."""

    def __init__(self):
        self.data = os.environ["ZAVA_TEST_DATA_DIR"]
        self.socket = f"{self.data}/socket"
        with open(f"{self.data}/credentials.json") as file:
            self.credentials = json.load(file)
        self.binary = os.environ.get("ZAVA_BINARY", os.environ.get("CARGO_TARGET_DIR", "target") + "/debug/zava-mcp")

    def url(self, identity, host=None, port=5432):
        login = self.credentials["logins"][identity]
        return f"host={host or self.socket} port={port} dbname=zava user={login['login']} password={login['password']}"

    def owner(self, sql, patience=30):
        """Rows of a statement of the owner's, as lists of texts; None when PostgreSQL does not answer."""
        owner = self.credentials["superuser"]
        command = [os.environ["ZAVA_PG_BIN_DIR"] + "/psql", "-XAtq", "-F", "\t", "-h", self.socket, "-p", "5432"]
        environment = {"PGPASSWORD": owner["password"], "PGCONNECT_TIMEOUT": "5", "PATH": os.environ.get("PATH", "")}
        try:
            done = subprocess.run(
                command + ["-U", owner["login"], "-d", "zava", "-c", sql],
                capture_output=True, text=True, env=environment, timeout=patience,
            )
        except subprocess.TimeoutExpired:
            return None
        return [line.split("\t") for line in done.stdout.splitlines()] if done.returncode == 0 else None

    def connections(self, application, busy):
        """Connections of that name, all or those that run something or hold a transaction; None when PostgreSQL is silent."""
        return self.owner(
            "SELECT usename, state, left(query, 100) FROM pg_stat_activity WHERE usename LIKE 'zava\\_%' "
            f"AND application_name = '{application}'" + (" AND state IS DISTINCT FROM 'idle'" if busy else "")
        )


def until(done, patience, pause=0.1):
    """Waits for something to be true: its value, or the last one that was not."""
    ends = time.monotonic() + patience
    while not (found := done()) and time.monotonic() < ends:
        time.sleep(pause)
    return found


def text_of(result):
    """The text of a tool's result."""
    return "".join(part.get("text", "") for part in (result or {}).get("content", []))


def without_age(value):
    """An answer without what tells that it was kept."""
    return {name: part for name, part in value.items() if name not in ("cached", "age_seconds")}
