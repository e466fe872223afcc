// The official TypeScript client, version 1: client-v1.mjs COMMAND [ARGUMENT...]
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { useEverything } from "./client.mjs";

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: "conformance", version: "1" });
const transport = new StdioClientTransport({ command, args });
let version;
transport.setProtocolVersion = (negotiated) => (version = negotiated);
await client.connect(transport);
const saw = await useEverything(client);
await client.close();
console.log(`${version}: ${saw}`);
