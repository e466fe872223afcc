// Asks zava-mcp one question with the official MCP client for TypeScript, and prints its rows.
//
//     npm install @modelcontextprotocol/sdk
//     node examples/client.mjs zava-mcp --rls-user f47ac10b-58cc-4372-a567-0e02b2c3d479
//
// The arguments are the server's command line. Written for version 1 of the package.
import process from "node:process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const SQL = "SELECT s.name, count(*) AS orders FROM retail.orders o JOIN retail.stores s USING (store_id) GROUP BY 1 ORDER BY 1";

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: "example", version: "1.0.0" });
// Without env the client would pass on little more than HOME and PATH.
await client.connect(new StdioClientTransport({ command, args, env: process.env }));
const { tools } = await client.listTools();
console.log("tools:", tools.map((tool) => tool.name).join(", "));
const answer = await client.callTool({ name: "execute_sales_query", arguments: { postgresql_query: SQL } });
await client.close();
if (answer.isError) {
  console.error(answer.content[0].text);
  process.exit(1);
}
console.log(answer.structuredContent.c);
for (const row of answer.structuredContent.r) console.log(row);
