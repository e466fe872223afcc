"""What stands around the server in `faults`: a proxy, doubles and daemons, and how each of them breaks."""

import collections
import http.server
import json
import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from mcp_client import until


class Proxy:
    """Between the server and PostgreSQL or PgBouncer, on a socket in a directory of its own."""

    def __init__(self, target, seed):
        self.target, self.random, self.mode, self.open = target, random.Random(seed), None, set()
        self.lock, self.changed = threading.Lock(), threading.Condition()
        self.dir, self.hits = tempfile.mkdtemp(prefix="zvf", dir="/tmp"), collections.Counter()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{self.dir}/.s.PGSQL.5432")
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def set(self, mode):
        """What happens to connections from now on. What was stalled is cut when that ends."""
        with self.changed:
            self.mode = mode
            self.changed.notify_all()

    def chance(self, share):
        with self.lock:
            return self.random.random() < share

    def between(self, low, high):
        with self.lock:
            return self.random.uniform(low, high)

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            if self.mode == "refuse":
                self.hits["refuse"] += 1
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.target)
            except OSError:
                client.close()
                server.close()
                continue
            link = Link(self, client, server)
            for run in (link.forward, link.back):
                threading.Thread(target=run, daemon=True).start()


class Framing:
    """Where messages begin in a stream of the protocol."""

    def __init__(self, from_client):
        self.head_length, self.head, self.rest = 4 if from_client else 5, b"", 0

    def heads(self, chunk):
        """Offsets of messages with a type whose first five bytes lie in this chunk."""
        at, found = 0, []
        while at < len(chunk):
            if self.rest:
                step = min(self.rest, len(chunk) - at)
                self.rest -= step
                at += step
                continue
            if self.head_length == 5 and not self.head and at + 5 <= len(chunk):
                found.append(at)
            taken = chunk[at:at + self.head_length - len(self.head)]
            self.head += taken
            at += len(taken)
            if len(self.head) == self.head_length:  # the first message of a client has no type
                self.rest = max(0, int.from_bytes(self.head[-4:], "big") - 4)
                self.head, self.head_length = b"", 5
        return found


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server, self.spoilt = proxy, client, server, False

    def forward(self):
        self.pump(self.client, self.server, Framing(True), "corrupt requests")

    def back(self):
        self.pump(self.server, self.client, Framing(False), "corrupt answers")

    def cut(self):
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def pump(self, source, sink, framing, corrupting):
        try:
            while chunk := source.recv(8192):
                heads = [] if self.spoilt else framing.heads(chunk)
                sink.sendall(self.treated(chunk, heads, corrupting, sink))
        except OSError:
            pass
        self.cut()
        source.close()

    def treated(self, chunk, heads, corrupting, sink):
        proxy, mode = self.proxy, self.proxy.mode
        if mode == "delay":
            proxy.hits[mode] += 1
            time.sleep(proxy.between(0.01, 0.5))
        elif mode == "cut" and proxy.chance(0.15):
            proxy.hits[mode] += 1
            sink.sendall(chunk[:int(proxy.between(0, len(chunk)))])
            raise OSError("cut here")
        elif mode in ("stall", "silence") and (mode == "silence" or proxy.chance(0.15)):
            proxy.hits[mode] += 1
            with proxy.changed:
                proxy.changed.wait_for(lambda: proxy.mode != mode)
            raise OSError("stalled here")
        elif mode == corrupting and heads and not self.spoilt and proxy.chance(0.1):
            proxy.hits[mode] += 1
            self.spoilt = True
            return self.corrupted(chunk, heads)
        return chunk

    def corrupted(self, chunk, heads):
        """With a type that there is not, or a length that is not so."""
        chunk, (at, how, which) = bytearray(chunk), (self.proxy.between(0, 1) for _ in range(3))
        at = heads[int(at * len(heads))]
        if how < 0.5:
            chunk[at] = b"\x00\x01~@\xff"[int(which * 5)]
        else:
            true = int.from_bytes(chunk[at + 1:at + 5], "big")
            wrong = [0, 3, 0xFFFFFFFF, 0x7FFFFFFF, true + 1, true + 7, true + 4000][int(which * 7)]
            chunk[at + 1:at + 5] = wrong.to_bytes(4, "big")
        return bytes(chunk)


class Embeddings:
    """A double of an OpenAI-compatible service; its vectors count concepts."""

    CONCEPTS = ["hammer", "paint", "toilet", "drill", "shelf", "hose"]

    def __init__(self):
        self.mode, self.hits, self.port = None, collections.Counter(), 0
        self.start()

    def start(self):
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                try:
                    double.answer(self, asked)
                except OSError:
                    self.close_connection = True

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads, allow_reuse_address = True, True

            def handle_error(self, *_):
                pass

        self.listener = Listener(("127.0.0.1", self.port), Handler)
        self.port = self.listener.server_port
        threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.listener.shutdown()
        self.listener.server_close()

    def environment(self):
        return {
            "EMBEDDING_PROVIDER": "openai", "EMBEDDING_URL": f"http://127.0.0.1:{self.port}/v1",
            "EMBEDDING_MODEL_DEPLOYMENT_NAME": "concepts", "EMBEDDING_DIMENSIONS": str(len(self.CONCEPTS) + 1),
        }

    def answer(self, handler, asked):
        mode = self.mode
        if mode:
            self.hits[mode] += 1
        body, status, kind = json.dumps({"object": "list", "data": list(map(self.item, *zip(*enumerate(asked["input"]))))}), 200, "application/json"
        if mode == "cut":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        if mode == "slow":
            time.sleep(10)
        if mode == "500":
            body, status = '{"error": {"message": "out of order"}}', 500
        if mode == "429":
            body, status = '{"error": {"message": "too many"}}', 429
        if mode == "html":
            body, kind = "<html><body>Sign in to the network</body></html>", "text/html"
        if mode == "wrong size":
            body = body.replace('"embedding": [', '"embedding": [0.5, ')
        handler.send_response(status)
        if mode == "429":
            handler.send_header("Retry-After", "1")
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode()[:len(body) // 2 if mode == "half" else None])
        if mode == "half":
            handler.close_connection = True

    def item(self, index, text):
        vector = [text.lower().count(word) for word in self.CONCEPTS]
        return {"object": "embedding", "index": index, "embedding": vector + [int(not any(vector))]}


class Daemon:
    """Redis or PgBouncer, which come and go."""

    def __init__(self, command, ready, user=None):
        self.command, self.ready, self.user, self.process = command, ready, user, None
        self.start()

    def start(self):
        who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user and os.getuid() == 0 else {}
        if os.path.exists(self.ready):
            os.unlink(self.ready)
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)
        assert until(lambda: os.path.exists(self.ready), 20), f"{self.command[0]} does not start"

    def signal(self, which):
        self.process.send_signal(which)

    def kill(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


def redis(work):
    program = os.environ.get("ZAVA_REDIS_SERVER") or shutil.which("redis-server")
    if not program:
        return None
    path = f"{work}/redis.sock"
    return Daemon([program, "--port", "0", "--save", "", "--appendonly", "no", "--dir", work, "--unixsocket", path], path)


def pgbouncer(work, shop, identity):
    program = os.environ.get("ZAVA_PGBOUNCER") or shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if not program:
        return None
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.search(r"(\d+)\.(\d+)", said).groups())) < (1, 21):
        return None
    login = shop.credentials["logins"][identity]
    with open(f"{work}/users", "w") as file:
        file.write(f"\"{login['login']}\" \"{login['password']}\"\n")
    with open(f"{work}/ini", "w") as file:
        file.write(
            f"[databases]\nzava = host={shop.socket} port=5432 dbname=zava\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n"
            f"unix_socket_dir = {work}\nauth_type = scram-sha-256\nauth_file = {work}/users\nlogfile = {work}/log\npidfile =\n"
            "pool_mode = transaction\ndefault_pool_size = 3\nmax_prepared_statements = 100\nserver_login_retry = 1\n"
        )
    owner = pwd.getpwuid(os.stat(shop.socket).st_uid)
    if os.getuid() == 0:
        for file in (work, f"{work}/users", f"{work}/ini"):
            os.chown(file, owner.pw_uid, owner.pw_gid)
    return Daemon([program, "-q", f"{work}/ini"], f"{work}/.s.PGSQL.6432", owner)


class PostgreSQL:
    """The throw-away server, as somebody who means it no good."""

    def __init__(self, shop):
        self.shop = shop

    def postmaster(self):
        with open(f"{self.shop.data}/cluster/postmaster.pid") as file:
            return int(file.readline())

    def backends(self):
        """Process ids of the logins' backends, by their parent and title."""
        parent, found = str(self.postmaster()), []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/cmdline") as title:
                    if stat.read().rsplit(")", 1)[1].split()[1] == parent and re.search(r"zava_(seattle|hq) zava ", title.read()):
                        found.append(int(pid))
            except OSError:
                pass
        return found

    def admin(self, *what):
        environment = {"PATH": "/usr/bin:/bin", "ZAVA_PG_BIN_DIR": os.environ["ZAVA_PG_BIN_DIR"]}
        done = subprocess.run(
            [self.shop.binary, *what, "--data-dir", self.shop.data], capture_output=True, text=True, timeout=120, env=environment
        )
        assert done.returncode == 0, f"{what}: {done.stderr}"

    def terminate(self):
        self.shop.owner("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ~ '^zava_(seattle|hq)$'")

    def connections(self, limit):
        assert until(lambda: self.shop.owner(f"ALTER DATABASE zava CONNECTION LIMIT {limit}") is not None, 60)


def send(pids, which):
    for pid in pids:
        try:
            os.kill(pid, which)
        except ProcessLookupError:
            pass


# --- the faults: generators that begin one, and end it when they go on


def faults(world):
    """Name: what it concerns, and a function that begins it and returns one that ends it."""
    postgres, found = world.postgres, {}

    def proxied(mode):
        def begin():
            for proxy in world.proxies:
                proxy.set(mode)
            return lambda: [proxy.set(None) for proxy in world.proxies]
        return begin

    def stopped(pids):
        def begin():
            hit = pids()
            send(hit, signal.SIGSTOP)
            return lambda: send(hit, signal.SIGCONT)
        return begin

    def again_and_again(what):
        def begin():
            over = threading.Event()

            def run():
                while not over.is_set():
                    what()
                    over.wait(world.random.uniform(0.1, 0.6))
            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            return lambda: (over.set(), thread.join())
        return begin

    def down():
        postgres.admin("db", "down")
        return lambda: postgres.admin("db", "up")

    def killed():
        os.kill(postgres.postmaster(), signal.SIGKILL)
        return lambda: postgres.admin("db", "up")

    def crash():
        send(postgres.backends()[:1], signal.SIGKILL)

    def full():
        postgres.connections(0)
        postgres.terminate()
        return lambda: postgres.connections(-1)

    def without(daemon):
        def begin():
            daemon.kill()
            return daemon.start
        return begin

    def garbage():
        """Somebody else answers on Redis' socket, with nonsense."""
        world.redis.kill()
        os.path.exists(world.redis.ready) and os.unlink(world.redis.ready)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(world.redis.ready)
        listener.listen(16)

        def serve(client):
            try:
                while client.recv(4096):
                    client.sendall(b"$7\r\ngarbage\r\n*-3\r\n<html>")
            except OSError:
                pass

        def accept():
            try:
                while True:
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
            except OSError:
                pass
        threading.Thread(target=accept, daemon=True).start()

        def end():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            world.redis.start()
        return end

    def service(mode):
        def begin():
            world.embeddings.mode = mode

            def end():
                world.embeddings.mode = None
            return end
        return begin

    def service_down():
        world.embeddings.stop()
        return world.embeddings.start

    for mode in ("cut", "delay", "stall", "refuse", "silence", "corrupt answers", "corrupt requests"):
        found[f"connections: {mode}"] = proxied(mode)
    found["PostgreSQL: backends terminated"] = again_and_again(postgres.terminate)
    found["PostgreSQL: backends stopped"] = stopped(postgres.backends)
    found["PostgreSQL: a backend killed"] = again_and_again(crash)
    found["PostgreSQL: postmaster stopped"] = stopped(lambda: [postgres.postmaster()])
    found["PostgreSQL: postmaster killed"] = killed
    found["PostgreSQL: down and up"] = down
    found["PostgreSQL: no more connections"] = full
    for mode in ("500", "429", "cut", "half", "slow", "html", "wrong size"):
        found[f"embeddings: {mode}"] = service(mode)
    found["embeddings: down"] = service_down
    if world.redis:
        found["Redis: killed"] = without(world.redis)
        found["Redis: stopped"] = stopped(lambda: [world.redis.process.pid])
        found["Redis: garbage"] = garbage
    if world.pooler:
        found["PgBouncer: killed"] = without(world.pooler)
        found["PgBouncer: stopped"] = stopped(lambda: [world.pooler.process.pid])
    return found
