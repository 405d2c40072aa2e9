"""The limit of the stack: an aiohttp handler that reads JSON, posts JSON on one shared session, and answers."""

import asyncio
import json

from aiohttp import ClientSession, web

from tests.benchmarks.bots.serving import serve, stand_on_their_core


async def main() -> None:
    """Serve."""
    async with ClientSession() as session:

        async def messages(request: web.Request) -> web.Response:
            activity = json.loads(await request.read())
            conversation = activity["conversation"]["id"].replace("/", "%2F")
            url = f"{activity['serviceUrl']}v3/conversations/{conversation}/activities/{activity['id']}"
            answer = {"type": "message", "text": f"Je zei: {activity['text']}", "replyToId": activity["id"]}
            async with session.post(url, json=answer) as posted:
                await posted.read()
            return web.Response()

        app = web.Application()
        app.router.add_post("/api/messages", messages)
        await serve(app)


if __name__ == "__main__":
    stand_on_their_core()
    asyncio.run(main())
