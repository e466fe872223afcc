"""Fills the templates beside it: fill.py manifest BINARY > manifest.json, fill.py server BUNDLE REPOSITORY > server.json

The version is that of Cargo.toml. The tools are those that the binary lists.
"""

import hashlib
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NOBODY = "00000000-0000-0000-0000-000000000000"


def version():
    manifest = (HERE.parent.parent / "Cargo.toml").read_text()
    return re.search(r'^version = "(.+)"$', manifest, re.MULTILINE).group(1)


def tools(binary):
    """What tools/list says; that needs no database."""
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "fill", "version": "0"}}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    said = subprocess.run(
        [binary, "--rls-user", NOBODY, "--log", "error"],
        input="".join(json.dumps(line) + "\n" for line in lines), capture_output=True, text=True, check=True,
    ).stdout
    answers = {answer.get("id"): answer for answer in map(json.loads, said.splitlines())}
    listed = answers[2]["result"]["tools"]
    return [{"name": tool["name"], "description": tool["description"]} for tool in listed]


def manifest(binary):
    filled = json.loads((HERE / "manifest.json").read_text())
    filled["version"] = version()
    filled["tools"] = tools(binary)
    filled["compatibility"]["platforms"] = [sys.platform]
    return filled


def server(bundle, repository):
    owner_and_name = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)/?", repository)
    if not owner_and_name:
        sys.exit(f"the repository must be https://github.com/OWNER/NAME, not {repository}")
    filled = json.loads((HERE / "server.json").read_text())
    filled["name"] = f"io.github.{owner_and_name[1]}"
    filled["version"] = version()
    filled["repository"]["url"] = repository
    [package] = filled["packages"]
    package["version"] = version()
    package["identifier"] = f"{repository.rstrip('/')}/releases/download/v{version()}/{pathlib.Path(bundle).name}"
    package["fileSha256"] = hashlib.sha256(pathlib.Path(bundle).read_bytes()).hexdigest()
    return filled


if __name__ == "__main__":
    make = {"manifest": manifest, "server": server}[sys.argv[1]]
    print(json.dumps(make(*sys.argv[2:]), indent=2))
