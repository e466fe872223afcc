"""The calls of `soak`: what is asked, what must come back, and the callers that ask."""

import contextlib
import hashlib
import json
import os
import random
import re
import threading
import time

from mcp_client import NEVER, Server, text_of, without_age

SEATTLE = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
PUGET_SOUND = "cda65840-8bc2-5dbd-9f06-b1807d58329a"
HEAD_OFFICE = "00000000-0000-0000-0000-000000000000"
POOL = 4
CACHE = 131_072  # bytes of kept answers: full before the memory is looked at
LONGEST = 65_536  # of a message to head office; the others take the default of 8 MiB
SLOW = "SELECT '{mark}', count(*) FROM (SELECT generate_series(1, 300000)) AS s"
ENDLESS = "SELECT '{mark}', count(*) FROM (SELECT generate_series(1, 1000000000000)) AS s"

LOG = [
    r" INFO zava_mcp::database::vet: connected to ",
    r" WARN zava_mcp::database::slow: slow statement operation=\"[a-z ]+\" sql=\"[0-9a-f]{16}\" seconds=",
    # rmcp's own, of each request that is refused: never of an internal error
    r" WARN rmcp::service: response error id=.* ErrorCode\((-32002|-32601|-32602)\)",
]

# Answers known beforehand; the mark comes back in the first cell of each row.
KNOWN = [
    "SELECT '{mark}' AS mark, name, location, is_online FROM retail.stores ORDER BY name",
    "SELECT '{mark}' AS mark, count(*), sum(total_amount), min(order_date) FROM retail.orders",
    "SELECT '{mark}' AS mark, category_name, sum(quantity), sum(oi.total_amount) FROM retail.order_items oi "
    "JOIN retail.products USING (product_id) JOIN retail.categories USING (category_id) GROUP BY 2 ORDER BY 2",
    "SELECT '{mark}' AS mark, s.name, date_trunc('month', order_date) AS month, count(*) FROM retail.orders o "
    "JOIN retail.stores s USING (store_id) WHERE order_date >= '2026-01-01' GROUP BY 2, 3 ORDER BY 2, 3",
    "SELECT '{mark}' AS mark, sku, name, base_price FROM retail.products ORDER BY sku LIMIT 120",
    "SELECT '{mark}' AS mark, order_id, total_amount FROM retail.orders ORDER BY total_amount DESC, order_id",
    "SELECT '{mark}' AS mark, 'NaN'::numeric, 1e300::float8, NULL, '2026-06-30'::date, repeat('é', 500), 9007199254740993",
    "SELECT '{mark}' AS mark, s.name, count(*) FROM retail.customers JOIN retail.stores s USING (store_id) GROUP BY 2 ORDER BY 2",
]
TABLES = [[], ["retail.orders"], ["retail.products", "retail.categories"], ["retail.stores"], ["retail.inventory"]]
SEARCHES = ["claw hammer", "interior paint", "drll bit", "HT-HAM-016", "something to fix a leaking toilet", "garden hose", "led bulb"]
PERIODS = ["2026-05", "2026-Q2", "2025", "2026-01-01/2026-06-30"]
CHARTS = [
    ("SELECT date_trunc('month', order_date)::date AS month, count(*) AS orders FROM retail.orders GROUP BY 1 ORDER BY 1", "line"),
    ("SELECT category_name, count(*) AS products FROM retail.products JOIN retail.categories USING (category_id) GROUP BY 1 ORDER BY 1", "bar"),
]
RESOURCES = ["zava://schema", "zava://stores", "zava://categories", "zava://schema/retail.orders"]

# SQL that fails, and how its answer begins; where a caret points at it, the mark stands in the answer.
FAILING = [
    ("SELEC '{mark}'", "VALIDATION_ERROR (syntax)", True),
    ("SELECT '{mark}' FROM retail.orderz", "VALIDATION_ERROR (unknown_table)", True),
    ("SELECT '{mark}', nme FROM retail.stores", "VALIDATION_ERROR (unknown_name)", True),
    ("SELECT '{mark}'::int", "VALIDATION_ERROR (data_exception)", True),
    ("SELECT 1 / 0, '{mark}'", "VALIDATION_ERROR (data_exception)", False),
    ("SELECT '{mark}'; SELECT 2", "VALIDATION_ERROR (several_statements)", False),
    ("DELETE FROM retail.orders -- {mark}", "VALIDATION_ERROR (not_a_select)", False),
    ("SELECT '{mark}', set_config('app.current_rls_user_id', '', false)", "AUTHORIZATION_ERROR (permission_denied)", False),
    ("SELECT '{mark}', $1::int", "VALIDATION_ERROR (parameters)", False),
    ("-- {mark}", "VALIDATION_ERROR (not_a_select)", False),
    (";", "VALIDATION_ERROR (empty_sql)", False),
]
REFUSED = [
    ("execute_sales_query", {"postgresql_query": "SELECT 1", "max_rows": 0}, "VALIDATION_ERROR (invalid_arguments)"),
    ("execute_sales_query", {"postgresql_query": 5}, "VALIDATION_ERROR (invalid_arguments)"),
    ("get_multiple_table_schemas", {"table_names": ["retail.ordersx"]}, "VALIDATION_ERROR (unknown_table)"),
    ("get_store_performance", {"time_period": "2026-05", "store": "Zava Retail Spokane"}, "AUTHORIZATION_ERROR (store_not_yours)"),
    ("get_store_performance", {"time_period": "the other day"}, "VALIDATION_ERROR (invalid_arguments)"),
    ("chart_sales_query", {"postgresql_query": "SELECT 1"}, "VALIDATION_ERROR (not_chartable)"),
    ("semantic_search_products", {"query_description": "paint", "category": "No Such"}, "VALIDATION_ERROR (unknown_value)"),
]
# Well-formed requests that are wrong all the same.
WRONG = [
    ("shop/sell", {}, -32601),
    ("tools/call", {"name": "sell", "arguments": {}}, -32602),
    ("tools/call", {"name": "execute_sales_query", "arguments": [1]}, -32602),
    ("tools/call", {}, -32602),
    ("prompts/get", {"name": 5}, -32602),
    ("resources/read", {}, -32602),
    ("resources/read", {"uri": "zava://nothing"}, None),  # by era
    ("completion/complete", {"ref": 1}, -32602),
]
# Lines that are no message: ID is replaced; the id that the refusal carries, and its code.
ID = object()
MALFORMED = [
    (b'{"jsonrpc":"2.0","id":ID,"method":', ID, -32700),
    (b'{"jsonrpc":"2.0","method":"x",,"id":ID}', ID, -32700),
    (b'{"jsonrpc":"2.0","params":{"id":5},"id":ID,}', ID, -32700),
    (b'{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{"name":"\xff\xfe"}}', ID, -32700),
    (b'{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{"name":"\\ud800"}}', ID, -32700),
    (b'{"jsonrpc":"2.0","id":ID,"x":' + b"[" * 5000 + b"]" * 5000 + b"}", ID, -32700),
    (b'{"jsonrpc":"2.0","id":ID,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}', ID, -32700),
    (b'{"jsonrpc":"1.0","id":ID,"method":"ping"}', ID, -32600),
    (b'{"jsonrpc":"2.0","id":ID}', ID, -32600),
    (b'{"jsonrpc":"2.0","id":ID,"method":5}', ID, -32600),
    (b'{"jsonrpc":"2.0","id":ID,"method":"tools/list","params":[]}', ID, -32602),
    (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 1.5, -32600),
    (b'{"jsonrpc":"2.0","id":18446744073709551615,"method":"ping"}', 18446744073709551615, -32600),
    (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', None, -32600),
    (b'{"jsonrpc":"2.0","id":[1],"method":"ping"}', None, -32600),
    (b"GET / HTTP/1.1", None, -32700),
    (b"\x00\x01\xfe", None, -32700),
    (b'[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]', None, -32600),
    (b"[]", None, -32600),
    (b"{}", None, -32600),
    (b"42", None, -32600),
]
# What nobody answers.
STRAY = [
    {"jsonrpc": "2.0", "id": "stray", "result": {}},
    {"jsonrpc": "2.0", "id": "stray", "error": {"code": 1, "message": "no"}},
    {"jsonrpc": "2.0", "method": "notifications/whatever"},
    {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "never asked"}},
    {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": {}}},
    {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": []}},
    {"jsonrpc": "2.0", "method": 5},
]

# How often each kind of call is made.
WEIGHTS = {
    "query": 30, "known": 25, "schema": 8, "search": 8, "new search": 4, "performance": 3, "chart": 1.5, "explain": 3,
    "resource": 5, "prompt": 3, "completion": 4, "ping": 5, "lists": 3, "date": 3, "status": 2, "large answer": 1,
    "large request": 1, "failing SQL": 8, "refused": 5, "wrong request": 6, "malformed": 10, "oversized": 0.3, "stray": 4,
    "cancelled": 1.5, "cancelled late": 3, "same id": 0.5, "timeout": 0.02,
}


# What takes most memory. The allocator keeps what the worst moment took, so each begins with all callers at once: see Lane.run.
LARGE = ["large answer", "large request", "oversized", "chart", "performance", "schema", "resource"]


def command(shop, identity, *more):
    # Patient, because a machine may be loaded: what is late is no fault here.
    patience = ["--statement-timeout", "10", "--connect-timeout", "30"]
    pool = ["--pool-max", str(POOL), "--pool-idle", "5"]
    return [shop.binary, "--rls-user", identity, *patience, *pool, "--cache-bytes", str(CACHE), *more]


NAME = f"soak-{os.getpid()}"  # of the connections; several may soak at once


def environment(shop, identity):
    names = {"POSTGRES_APPLICATION_NAME": NAME, "PGAPPNAME": NAME, "PSQL": os.environ["ZAVA_PG_BIN_DIR"] + "/psql"}  # of a liar
    return {"DATABASE_URL": shop.url(identity), "EMBEDDING_PROVIDER": "none", **names}


def unmarked(result, mark):
    """What a query gave, without the mark that each row begins with; None when it is not there."""
    found = (result or {}).get("structuredContent")
    if not found or not found["r"] or any(row[0] != mark for row in found["r"]):
        return None
    return without_age({**found, "r": [row[1:] for row in found["r"]]})


def same_as_text(result):
    """Whether text and structured content of an answer say the same."""
    return json.loads(result["content"][0]["text"]) == result["structuredContent"]


def plain(result):
    """The parts of an answer that must not change: rows as they are, pictures and texts by their digests."""
    if not result or result.get("isError"):
        return None
    parts = [without_age(result["structuredContent"])] if "structuredContent" in result else []
    for part in result.get("content", []):
        if part["type"] == "image" or not parts:
            said = re.sub(r'\n\n-- {"cached":.*\n$', "\n", part.get("text") or part["data"])
            parts.append(hashlib.sha256(said.encode()).hexdigest())
    return parts


class Truth:
    """What a process of the identity answers one call at a time, before anything is tried."""

    def __init__(self, shop, identity, promises):
        server = Server("before", command(shop, identity), environment(shop, identity), promises, LOG)
        self.query = [unmarked(server.call("execute_sales_query", query("m", sql)), "m") for sql in KNOWN]
        self.schema = [plain(server.call("get_multiple_table_schemas", {"table_names": names})) for names in TABLES]
        self.search = [plain(server.call("semantic_search_products", {"query_description": text})) for text in SEARCHES]
        self.performance = [plain(server.call("get_store_performance", {"time_period": period})) for period in PERIODS]
        self.chart = [plain(server.call("chart_sales_query", chart(each))) for each in CHARTS]
        self.resource = [server.ask("resources/read", {"uri": uri})["result"]["contents"] for uri in RESOURCES]
        self.stores = [row[0] for row in self.query[0]["r"]]
        server.end()
        missing = [name for name, answers in vars(self).items() if not answers or None in answers]
        assert not missing, f"not answered before the soak: {missing}"


def longest(server):
    """The longest message that a server reads."""
    return LONGEST if server.name == "head office" else 8 << 20


def query(mark, sql):
    return {"postgresql_query": sql.format(mark=mark)}


def chart(each):
    return {"postgresql_query": each[0], "kind": each[1], "title": "Soak"}


class Lane(threading.Thread):
    """One caller: one call after the other, in an order that its seed gives."""

    def __init__(self, soak, server, truth, number, together):
        super().__init__(daemon=True)
        self.together = together  # a barrier for the callers of one process
        self.soak, self.server, self.truth, self.promises = soak, server, truth, soak.promises
        self.random = random.Random(f"{soak.seed}/{server.name}/{number}")
        self.name = f"{server.name[:3]}{number}"
        self.marks = 0
        self.first = list(WEIGHTS)  # one of each, so that warm-up has seen all
        self.random.shuffle(self.first)

    def run(self):
        for kind in LARGE * 3:
            with contextlib.suppress(threading.BrokenBarrierError):  # a caller that is late, or the end
                self.together.wait(NEVER)
            self.make(kind)
        while not self.soak.over.is_set():
            if self.soak.paused():
                time.sleep(0.5)
                continue
            self.make(self.first.pop() if self.first else self.random.choices(list(WEIGHTS), WEIGHTS.values())[0])
            self.soak.over.wait(self.random.expovariate(self.soak.rate / len(self.soak.lanes)))

    def make(self, kind):
        if self.soak.over.is_set():
            return
        try:
            getattr(self, kind.replace(" ", "_").lower())()
        except Exception as error:  # whatever was wrong with an answer
            self.promises.broke("every answer has its form", f"{self.name}, {kind}: {error!r}")
        with self.soak.lock:
            self.soak.made[kind] += 1

    def mark(self):
        self.marks += 1
        return f"{self.name}-{self.marks}"

    def true(self, answered, *told):
        self.promises.held(answered, "every answer is the true one", f"{self.name}: {json.dumps(told)[:500]}")

    def call(self, tool, arguments):
        return self.server.call(tool, arguments)

    def begins(self, result, begin, mark=""):
        text = text_of(result)
        self.true(bool(result) and result.get("isError") and text.startswith(begin) and mark in text, begin, mark, result)

    # --- what is fine

    def query(self):
        mark, number = self.mark(), self.random.randrange(10**9)
        result = self.call("execute_sales_query", query(mark, f"SELECT '{{mark}}', {number} + 1"))
        self.true(unmarked(result, mark) is not None and result["structuredContent"]["r"] == [[mark, number + 1]], mark, result)
        self.true(same_as_text(result), mark, result)

    def known(self):
        which, mark = self.random.randrange(len(KNOWN)), self.mark()
        result = self.call("execute_sales_query", query(mark, KNOWN[which]))
        self.true(unmarked(result, mark) == self.truth.query[which], mark, result)

    def same(self, tool, arguments, before):
        result = self.call(tool, arguments)
        self.true(plain(result) == before, arguments, before, result)

    def fresh(self):
        return {"fresh": True} if self.random.random() < 0.3 else {}

    def schema(self):
        which = self.random.randrange(len(TABLES))
        self.same("get_multiple_table_schemas", {"table_names": TABLES[which], **self.fresh()}, self.truth.schema[which])

    def search(self):
        which = self.random.randrange(len(SEARCHES))
        self.same("semantic_search_products", {"query_description": SEARCHES[which], **self.fresh()}, self.truth.search[which])

    def new_search(self):
        """One that nobody made, which fills the cache."""
        word = "".join(self.random.choices("bcdfghjklm", k=12))
        result = self.call("semantic_search_products", {"query_description": f"hammer {word}"})
        self.true(any("Hammer" in row[1] for row in result["structuredContent"]["r"]), word, result)

    def performance(self):
        which = self.random.randrange(len(PERIODS))
        self.same("get_store_performance", {"time_period": PERIODS[which], **self.fresh()}, self.truth.performance[which])

    def chart(self):
        which = self.random.randrange(len(CHARTS))
        self.same("chart_sales_query", chart(CHARTS[which]), self.truth.chart[which])

    def explain(self):
        result = self.call("explain_sales_query", query(self.mark(), self.random.choice(KNOWN)))
        self.true(text_of(result).startswith("How PostgreSQL would run it"), result)

    def large_answer(self):
        mark = self.mark()
        result = self.call("execute_sales_query", query(mark, "SELECT '{mark}', repeat('x', 100000) FROM generate_series(1, 2000)"))
        self.true(unmarked(result, mark) is not None and result["structuredContent"].get("truncated") is True, mark, result)

    def large_request(self):
        mark = self.mark()
        sql = f"SELECT '{mark}', length('{'x' * self.random.randrange(10_000, 60_000)}')"
        result = self.call("execute_sales_query", {"postgresql_query": sql})
        self.true(unmarked(result, mark) == {"c": ["?column?", "length"], "r": [[sql.count("x")]], "n": 1}, mark, result)

    def resource(self):
        which = self.random.randrange(len(RESOURCES))
        answer = self.server.ask("resources/read", {"uri": RESOURCES[which]})
        self.true(answer["result"]["contents"] == self.truth.resource[which], RESOURCES[which], answer)

    def prompt(self):
        store = self.random.choice(self.truth.stores)
        answer = self.server.ask("prompts/get", {"name": "store_review", "arguments": {"store": store, "period": "2026-05"}})
        self.true(store in json.dumps(answer["result"]["messages"]), store, answer)

    def completion(self):
        store = self.random.choice(self.truth.stores)
        argument = {"name": "store", "value": store[:14]}
        answer = self.server.ask("completion/complete", {"ref": {"type": "ref/prompt", "name": "store_review"}, "argument": argument})
        found = answer["result"]["completion"]["values"]
        self.true(store in found and set(found) <= set(self.truth.stores), store, answer)

    def ping(self):
        answer = self.server.ask("ping")  # the newer protocol has none
        self.true(answer.get("error", {}).get("code") == (-32601 if self.server.modern else None), "ping", answer)

    def lists(self):
        method, name = self.random.choice([("tools/list", "tools"), ("prompts/list", "prompts"), ("resources/list", "resources")])
        self.true(len(self.server.ask(method)["result"][name]) > 2, method)

    def date(self):
        result = self.call("get_current_utc_date", {})
        self.true(time.strftime("%Y-%m-%d", time.gmtime())[:7] in text_of(result), result)

    def status(self):
        found = self.call("server_status", {})["structuredContent"]
        self.true(found["database"]["reachable"] is True and found["identity"]["stores"] == self.truth.stores, found)

    # --- what is not

    def failing_sql(self):
        sql, begin, shown = self.random.choice(FAILING)
        mark = self.mark()
        self.begins(self.call("execute_sales_query", query(mark, sql)), begin, mark if shown else "")

    def refused(self):
        tool, arguments, begin = self.random.choice(REFUSED)
        if begin.endswith("(store_not_yours)") and "Zava Retail Spokane" in self.truth.stores:
            return
        self.begins(self.call(tool, arguments), begin)

    def timeout(self):
        self.begins(self.call("execute_sales_query", query(self.mark(), ENDLESS)), "QUERY_TIMEOUT (statement_timeout)")

    def wrong_request(self):
        method, params, code = self.random.choice(WRONG)
        code = code or (-32602 if self.server.modern else -32002)
        answer = self.server.ask(method, params)
        self.true(answer.get("error", {}).get("code") == code, method, params, code, answer)

    def malformed(self):
        line, number, code = self.random.choice(MALFORMED)
        self.no_message(line, number, code)

    def no_message(self, line, number, code):
        """A line that is refused. Several with the same id, or none, have to wait for each other."""
        mine = self.server.number() if number is ID else number
        if number is not ID:
            self.server.nobody.acquire()
        try:
            self.server.expect(mine)
            self.server.write(line.replace(b"ID", json.dumps(mine).encode()))
            answer = self.server.answer(mine)
        finally:
            if number is not ID:
                self.server.nobody.release()
        self.true(bool(answer) and answer.get("error", {}).get("code") == code, repr(line[:200]), code, answer)

    def oversized(self):
        filling = b"x" * (longest(self.server) + self.random.randrange(1, 4 * LONGEST))
        line = b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"%s"},"id":ID}' % filling
        if self.random.random() < 0.5:
            line = b'{"jsonrpc":"2.0","id":ID,"method":"tools/call","params":{"name":"%s"}}' % filling
        self.no_message(line, ID, -32600)

    def stray(self):
        self.server.write(json.dumps(self.random.choice(STRAY)).encode())

    def cancelled(self):
        """One that runs; it must not be answered any more, and the statement timeout must find nothing to stop."""
        mark = self.mark()
        params = {"name": "execute_sales_query", "arguments": query(mark, ENDLESS)}
        number = self.server.send("tools/call", params, token=mark)
        self.soak.over.wait(self.random.uniform(0, 0.3))
        self.server.cancel(number, finished_is_fine=False)

    def cancelled_late(self):
        """One that may have been answered: before, once at most."""
        number = self.server.send("tools/call", {"name": "execute_sales_query", "arguments": query(self.mark(), KNOWN[1])})
        self.soak.over.wait(self.random.uniform(0, 0.01))
        self.server.cancel(number, finished_is_fine=True)

    def same_id(self):
        """An id that is in use is refused, and the first request with it goes on."""
        number, mark = self.server.number(), self.mark()
        slot = self.server.expect(number)
        slot.wanted = 2
        params = {"name": "execute_sales_query", "arguments": query(mark, SLOW)}
        # in one write: on a loaded machine the first could be answered before the second is said
        self.server.write(self.server.request(number, "tools/call", params) + b"\n" + self.server.request(number, "ping"))
        answers = [self.server.answer(number, more=more) for more in (True, False)]
        codes = [answer.get("error", {}).get("code") for answer in answers]
        rows = [answer["result"].get("structuredContent", {}).get("r") for answer in answers if "result" in answer]
        self.true(codes == [-32600, None] and rows == [[[mark, 300_000]]], answers)
