#!/usr/bin/env python3
"""Asks zava-mcp one question with the official MCP client for Python, and prints its rows.

    pip install mcp
    examples/client.py zava-mcp --rls-user f47ac10b-58cc-4372-a567-0e02b2c3d479

The arguments are the server's command line. Written for version 2 of the package; examples/ask.py does the same without one.
"""

import asyncio
import os
import sys

from mcp import Client, StdioServerParameters

SQL = "SELECT s.name, count(*) AS orders FROM retail.orders o JOIN retail.stores s USING (store_id) GROUP BY 1 ORDER BY 1"


async def main(command, *arguments):
    # Without env the client would pass on little more than HOME and PATH.
    server = StdioServerParameters(command=command, args=list(arguments), env=dict(os.environ))
    async with Client(server) as client:
        tools = await client.list_tools()
        print("tools:", ", ".join(tool.name for tool in tools.tools))
        answer = await client.call_tool("execute_sales_query", {"postgresql_query": SQL})
        if answer.is_error:
            sys.exit(answer.content[0].text)
        print(answer.structured_content["c"])
        for row in answer.structured_content["r"]:
            print(row)


asyncio.run(main(*sys.argv[1:]))
