#!/usr/bin/env bash
# Speaks MCP with zava-mcp by hand: four messages there, three answers back.
#
#   examples/ask.sh                    as the manager of the Seattle store
#   examples/ask.sh RLS-USER-ID        as somebody else (`zava-mcp identity list` shows the ids)
#   ZAVA_MCP=path examples/ask.sh      with another binary than target/release/zava-mcp or the one on PATH
#
# Needs bash 4. With jq the answers are easier to read. Exit code 1 when the question was not answered.
set -euo pipefail

who=${1:-f47ac10b-58cc-4372-a567-0e02b2c3d479}
built=$(dirname "$0")/../target/release/zava-mcp
binary=${ZAVA_MCP:-$([[ -x $built ]] && echo "$built" || echo zava-mcp)}

sql="
  SELECT s.name AS store, COUNT(*) AS orders, MIN(o.order_date) AS first, MAX(o.order_date) AS last
  FROM retail.orders o
  JOIN retail.stores s ON s.store_id = o.store_id
  GROUP BY s.name
  ORDER BY orders DESC
"

# MCP is one JSON message per line, on the server's stdin and stdout. The server ends when its stdin ends, and drops
# what it is doing: so the pipe to it stays open until the last answer has come.
coproc SERVER { exec "$binary" --rls-user "$who" --log warn; }
from_server=${SERVER[0]} to_server=${SERVER[1]} server=$SERVER_PID
trap '' PIPE # a server that ended is noticed when the answer is read

send() {
  printf '\n--> %s\n' "$1"
  printf '%s\n' "$1" 2>/dev/null >&"$to_server" || true
}

# Reads up to the answer with id $1, past notifications, into `answer`.
receive() {
  while IFS= read -r answer <&"$from_server"; do
    [[ $answer == *'"id":'"$1"[,}]* ]] && return
  done
  echo "zava-mcp ended before it answered; its reason is above" >&2
  exit 1
}

# Shows `answer`, through the jq program $1 where there is jq.
show() {
  if command -v jq >/dev/null; then jq -r "$1" <<<"$answer"; else printf '%s\n' "$answer"; fi
}

send '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"ask.sh","version":"1"}}}'
receive 1
show '.result.serverInfo | "\(.title) \(.version)"'
send '{"jsonrpc":"2.0","method":"notifications/initialized"}'

send '{"jsonrpc":"2.0","id":2,"method":"tools/list"}'
receive 2
show '.result.tools[] | "\(.name): \(.title)"'

# A JSON string holds no line feeds; this SQL has no quotes or backslashes that would have to be escaped.
send '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"execute_sales_query","arguments":{"postgresql_query":"'"${sql//$'\n'/ }"'"}}}'
receive 3
show '.result.content[0].text'

exec {to_server}>&- # the end of stdin: the server stops
wait "$server"
[[ $answer != *'"isError":true'* ]]
