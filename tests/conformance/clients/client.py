"""The official Python client lists and calls everything of a server: client.py MODE COMMAND [ARGUMENT...]

MODE is `auto` (asks the server which era it speaks), `legacy` or a protocol version.
"""

import asyncio
import json
import pathlib
import sys

from mcp import Client, StdioServerParameters, types


def same(text, structured):
    assert structured is None or json.loads(text) == structured, "text and structured content differ"


async def main(mode, command, *arguments):
    calls = json.loads(pathlib.Path(__file__).with_name("calls.json").read_text())
    server = StdioServerParameters(command=command, args=list(arguments))
    async with Client(server, mode=mode, read_timeout_seconds=30) as client:
        tools = (await client.list_tools()).tools
        assert sorted(tool.name for tool in tools) == sorted(calls), "calls.json names every tool"
        for name, call in calls.items():
            result = await client.call_tool(name, call)
            assert not result.is_error and result.content[0].text, (name, result)
            same(result.content[0].text, result.structured_content)
        wrong = await client.call_tool("execute_sales_query", {"postgresql_query": "SELEC 1"})
        assert wrong.is_error and "Next:" in wrong.content[0].text, wrong

        resources = (await client.list_resources()).resources
        for resource in resources:
            contents = (await client.read_resource(str(resource.uri))).contents
            assert contents[0].text and contents[0].mime_type == resource.mime_type, contents
        templates = (await client.list_resource_templates()).resource_templates
        for template in templates:
            reference = types.ResourceTemplateReference(uri=template.uri_template)
            completed = await client.complete(reference, {"name": template.name, "value": ""})
            assert completed.completion.values, template
        print(f"{client.protocol_version}: {len(tools)} tools, {len(resources)} resources, {len(templates)} templates")


asyncio.run(main(*sys.argv[1:]))
