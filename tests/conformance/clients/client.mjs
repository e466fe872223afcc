// What every TypeScript client does with a server: lists and calls everything. Returns what it saw, in words.
import assert from "node:assert/strict";
import fs from "node:fs";

const calls = JSON.parse(fs.readFileSync(new URL("calls.json", import.meta.url), "utf8"));

export async function useEverything(client) {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((tool) => tool.name).sort(), Object.keys(calls).sort(), "calls.json names every tool");
    for (const [name, call] of Object.entries(calls)) {
        const result = await client.callTool({ name, arguments: call });
        assert.ok(!result.isError && result.content[0].text, JSON.stringify(result));
        if (result.structuredContent) {
            assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
        }
    }
    const wrong = await client.callTool({ name: "execute_sales_query", arguments: { postgresql_query: "SELEC 1" } });
    assert.ok(wrong.isError && wrong.content[0].text.includes("Next:"), JSON.stringify(wrong));

    const { resources } = await client.listResources();
    for (const resource of resources) {
        const { contents } = await client.readResource({ uri: resource.uri });
        assert.ok(contents[0].text && contents[0].mimeType === resource.mimeType, JSON.stringify(contents));
    }
    const { resourceTemplates } = await client.listResourceTemplates();
    for (const template of resourceTemplates) {
        const completed = await client.complete({
            ref: { type: "ref/resource", uri: template.uriTemplate },
            argument: { name: template.name, value: "" },
        });
        assert.ok(completed.completion.values.length, JSON.stringify(template));
    }
    return `${tools.length} tools, ${resources.length} resources, ${resourceTemplates.length} templates`;
}
