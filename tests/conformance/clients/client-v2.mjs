// The official TypeScript client, version 2: client-v2.mjs MODE COMMAND [ARGUMENT...]
//
// MODE is `auto` (asks the server which era it speaks), `legacy`, or a protocol version.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { useEverything } from "./client.mjs";

const [mode, command, ...args] = process.argv.slice(2);
const versionNegotiation = { mode: mode === "auto" || mode === "legacy" ? mode : { pin: mode } };
const client = new Client({ name: "conformance", version: "1" }, { versionNegotiation });
await client.connect(new StdioClientTransport({ command, args }));
const version = client.getNegotiatedProtocolVersion();
const saw = await useEverything(client);
await client.close();
console.log(`${version}: ${saw}`);
