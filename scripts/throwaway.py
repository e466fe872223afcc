"""A throw-away PostgreSQL with the sample shop in it, one psql that stays open, and what processes weigh.

For scripts that measure zava-mcp beside others or many times at once. The shop is made by the program itself; then the
server is started again by this file, so that it also listens on a port of 127.0.0.1 and takes any setting.
"""

import atexit
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEATTLE = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
UNTIL = "2026-06-30"


def binary():
    """The program that is measured: ZAVA_BINARY, else the release build, which is made when it is missing."""
    if "ZAVA_BINARY" in os.environ:
        return os.environ["ZAVA_BINARY"]
    built = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/zava-mcp"
    if not built.exists():
        subprocess.run(["cargo", "build", "--quiet", "--release", "--bin", "zava-mcp"], cwd=ROOT, check=True)
    return str(built)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Shop:
    """The shop on a server of its own in /tmp, which goes when the script ends. ZAVA_SHOP_DIR=DIR uses that and keeps it."""

    def __init__(self, zava, customers, orders, settings=(), managers=()):
        self.zava, self.process = zava, None
        kept = os.environ.get("ZAVA_SHOP_DIR")
        self.work = pathlib.Path(kept or tempfile.mkdtemp(prefix="zava-shop.", dir="/tmp"))
        self.work.mkdir(exist_ok=True)
        self.work.chmod(0o755)  # run by root, PostgreSQL belongs to another user
        self.data = self.work / "data"
        atexit.register(self.end, not kept)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self.environment = dict(os.environ, ZAVA_DATA_DIR=str(self.data), ZAVA_PG_BIN_DIR=self.installed())
        self.admin("db", "up")
        self.admin("db", "create")
        self.admin("db", "seed", f"--customers={customers}", f"--orders={orders}", f"--until={UNTIL}", "--if-empty")
        for person, store in managers:  # RLS user ids with the name of a store each
            if person not in self.credentials()["logins"]:
                self.admin("identity", "add", "--rls-user", person, "--store", store, "--login", f"manager_{person[:8]}")
        self.bin = pathlib.Path(json.loads(self.admin("db", "status", "--json"))["bin_dir"])
        self.admin("db", "down")
        self.start(settings)
        self.psql = Psql(self, "postgres", self.credentials()["superuser"]["password"])
        self.psql.ask("VACUUM ANALYZE")

    def installed(self):
        """The PostgreSQL that the managed local server of this machine runs on."""
        if "ZAVA_PG_BIN_DIR" in os.environ:
            return os.environ["ZAVA_PG_BIN_DIR"]
        subprocess.run([ROOT / "scripts/install-postgres"], check=True, stdout=sys.stderr)
        status = subprocess.run([self.zava, "db", "status", "--json"], capture_output=True, text=True)
        return json.loads(status.stdout)["bin_dir"]

    def admin(self, *arguments):
        """A command of the owner's; what it printed."""
        found = subprocess.run([self.zava, *arguments, "--log=error"], env=self.environment, capture_output=True, text=True)
        if found.returncode != 0:
            sys.exit(f"{pathlib.Path(self.zava).name} {' '.join(arguments)}: {found.stderr.strip() or found.stdout.strip()}")
        return found.stdout

    def start(self, settings):
        self.port = free_port()
        hba = self.work / "hba"
        hba.write_text("local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n")
        given = ["listen_addresses=127.0.0.1", f"port={self.port}", f"hba_file={hba}", *settings]
        command = [self.bin / "postgres", "-D", self.data / "cluster", *(f"--{setting}" for setting in given)]
        with open(self.work / "log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **self.owner())
        deadline = time.monotonic() + 30
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"PostgreSQL did not start:\n{(self.work / 'log').read_text()}")
            time.sleep(0.05)

    def answers(self):
        superuser = self.credentials()["superuser"]["password"]
        command = [self.bin / "psql", "-X", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-c", "SELECT 1", "zava"]
        return subprocess.run(command, env=dict(os.environ, PGPASSWORD=superuser), capture_output=True).returncode == 0

    def owner(self):
        """Whom the server processes belong to, as arguments of subprocess; nothing where that is ourselves."""
        owner = (self.data / "cluster").stat()
        if owner.st_uid == os.getuid():
            return {}
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}

    def credentials(self):
        return json.loads((self.data / "credentials.json").read_text())

    def login(self, identity):
        """Login and password of an RLS user id."""
        login = self.credentials()["logins"][identity]
        return login["login"], login["password"]

    def url(self, identity, port=None):
        login, password = self.login(identity)
        return f"postgresql://{login}:{password}@127.0.0.1:{port or self.port}/zava?sslmode=disable"

    def end(self, remove):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
        elif self.data.exists() and self.process is None:
            subprocess.run([self.zava, "db", "down"], env=self.environment, capture_output=True)
        if remove:
            shutil.rmtree(self.work, ignore_errors=True)


class Psql:
    """One psql that stays open and answers as rows of strings."""

    END = "--end of answer--"

    def __init__(self, shop, login, password):
        command = [shop.bin / "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-h", "127.0.0.1", "-p", str(shop.port), "-U", login, "zava"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=dict(os.environ, PGPASSWORD=password, PGAPPNAME="watching"),
        )

    def ask(self, sql):
        self.process.stdin.write(f"{sql};\n\\echo '{self.END}'\n")
        self.process.stdin.flush()
        rows = []
        while (line := self.process.stdout.readline()) != self.END + "\n":
            if not line:
                raise RuntimeError("psql has ended")
            if line.startswith(("ERROR", "FATAL")):
                raise RuntimeError(line.strip())
            rows.append(line.rstrip("\n").split("\t"))
        return rows

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def descendants(pid):
    """A process and all that it started."""
    found = [pid]
    for each in found:
        try:
            for task in os.listdir(f"/proc/{each}/task"):
                found += map(int, pathlib.Path(f"/proc/{each}/task/{task}/children").read_text().split())
        except OSError:
            pass
    return found


def memory(pids):
    """Resident and proportional megabytes of processes; the latter divides what they share among those that share it."""
    rss = pss = 0
    for pid in pids:
        try:
            lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        except OSError:
            continue
        sizes = {name: int(rest.split()[0]) for name, rest in (line.split(":", 1) for line in lines)}
        rss, pss = rss + sizes["Rss"], pss + sizes["Pss"]
    return rss / 1024, pss / 1024


def machine():
    """One line about where this ran."""
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown processor")
    total = int(next(line.split()[1] for line in open("/proc/meminfo") if line.startswith("MemTotal"))) // 1024 // 1024
    return f"{os.cpu_count()} × {cpu}, {total} GB"
