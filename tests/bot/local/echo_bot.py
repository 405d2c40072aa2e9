"""A bot that speaks the protocol over HTTP and understands nothing: it makes a client do all it must be able to."""

from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]


def card(*body: Json, actions: tuple[Json, ...] = ()) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": list(actions)}


def line(text: str, **looks: Any) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True, **looks}


def letters(text: str) -> Json:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text}]}


def execute(title: str, verb: str, **more: Any) -> Json:
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": {"draft": "d1"}, **more}


FORM = card(
    line("Wat heb je gezien?", size="Large", weight="Bolder", style="heading"),
    line("Bel bij gevaar [112](tel:112). Lees meer op [de site](https://example.org)."),
    {
        "type": "Input.Text",
        "id": "in.story",
        "label": "Vertel het in je eigen woorden",
        "isMultiline": True,
        "isRequired": True,
        "errorMessage": "Schrijf in een paar woorden op wat je zag.",
    },
    {
        "type": "Input.ChoiceSet",
        "id": "in.signs",
        "label": "Wat herken je?",
        "style": "expanded",
        "isMultiSelect": True,
        "choices": [
            {"title": "De ander doet het woord", "value": "speaks"},
            {"title": "Iemand heeft geen papieren", "value": "papers"},
        ],
    },
    {
        "type": "Input.ChoiceSet",
        "id": "in.age",
        "label": "Is de persoon jonger dan 18 jaar?",
        "style": "compact",
        "value": "unknown",
        "choices": [{"title": "Ja", "value": "yes"}, {"title": "Weet ik niet", "value": "unknown"}],
    },
    {
        "type": "Input.ChoiceSet",
        "id": "in.may",
        "label": "Mag het?",
        "style": "expanded",
        "choices": [{"title": "Ja", "value": "yes"}, {"title": "Nee", "value": "no"}],
    },
    actions=(
        execute("Versturen", "send", style="positive"),
        execute("Overslaan", "skip", associatedInputs="none"),
        execute("Storing", "fault", associatedInputs="none"),
        execute("Stuk", "crash", associatedInputs="none"),
        {"type": "Action.Submit", "title": "Oude knop", "data": {"action": "old"}, "associatedInputs": "none"},
    ),
)
EVIL = card(
    line("<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"),
    line("[klik](javascript:window.hacked=1) en [klik](data:text/html,hoi) en ![plaatje](https://example.org/x.png)"),
    letters("<b>vet</b> [letterlijk](https://example.org) *ster*"),
)


@dataclass
class EchoBot:
    """Answers at /api/messages; writes down what it heard and what became of what it sent."""

    heard: list[Json] = field(default_factory=list[Json])
    statuses: list[int] = field(default_factory=list[int])
    last_sent: str = ""
    is_there: bool = True
    hangs_up: bool = False

    async def handle(self, request: web.Request) -> web.Response:
        if self.hangs_up and request.transport:
            request.transport.abort()
        if not self.is_there:
            return web.Response(status=500)
        activity = await request.json()
        self.heard.append(activity)
        async with aiohttp.ClientSession() as session:
            turn = _Turn(self, session, activity)
            match activity["type"]:
                case "invoke":
                    return await turn.invoke()
                case "message":
                    await turn.message()
                case "conversationUpdate":
                    await turn.post({"text": "Welkom bij de **echo**", "summary": "Welkom"})
                case _:
                    pass
        return web.Response(status=201)


@dataclass
class _Turn:
    bot: EchoBot
    session: aiohttp.ClientSession
    activity: Json

    async def message(self) -> None:
        text = self.activity.get("text", "")
        match text:
            case "kaart":
                await self.typing()
                await self.post_card(FORM, "Je melding")
            case "kwaad":
                await self.post_card(EVIL, "Kwaad")
            case "wijzig":
                await self.send("PUT", f"/{self.bot.last_sent}", {"text": "Gewijzigd"})
            case "hetzelfde":
                await self.send("PUT", f"/{self.bot.last_sent}", _with_card(FORM, "Nog steeds je melding"))
            case "wis":
                await self.send("DELETE", f"/{self.bot.last_sent}", {})
            case "":
                await self.post({"text": f"Waarde: {self.activity['value']}"})
            case _:
                await self.post({"text": f"Je zei: {text}", "textFormat": "plain", "summary": "Antwoord"})

    def search(self) -> web.Response:
        [parameter] = self.activity["value"]["parameters"]
        match parameter["value"]:
            case "stuk":
                return web.Response(status=500)
            case "onzin":
                return web.Response(text="onzin")
            case "niets":
                return web.json_response({"composeExtension": {"type": "message", "text": "Er is niets gevonden."}})
            case query:
                preview = {"content": {"title": "Gezocht", "text": query}}
                result = {"contentType": "application/vnd.microsoft.card.adaptive", "content": EVIL, "preview": preview}
                return web.json_response({"composeExtension": {"type": "result", "attachments": [result]}})

    async def invoke(self) -> web.Response:
        if self.activity["name"] == "composeExtension/query":
            return self.search()
        action = self.activity["value"]["action"]
        match action["verb"]:
            case "crash":
                return web.Response(status=500)
            case "fault":
                error = {"code": "BadRequest", "message": "Deze knop ken ik niet meer."}
                return _invoke_answer("application/vnd.microsoft.error", error, 400)
            case "skip":
                return _invoke_answer("application/vnd.microsoft.activity.message", "Overgeslagen")
            case _:
                answer = card(line("Je schreef", weight="Bolder"), letters(action["data"]["in.story"]))
                await self.send("PUT", f"/{self.activity['replyToId']}", _with_card(answer, "Verstuurd"))
                return _invoke_answer("application/vnd.microsoft.card.adaptive", answer)

    async def typing(self) -> None:
        await self.send("POST", "", {"type": "typing"})

    async def post_card(self, content: Json, summary: str) -> None:
        await self.post(_with_card(content, summary))

    async def post(self, content: Json) -> None:
        answer = await self.send("POST", "", content)
        self.bot.last_sent = answer.get("id", "")

    async def send(self, method: str, path: str, content: Json) -> Json:
        conversation = self.activity["conversation"]["id"]
        url = f"{self.activity['serviceUrl'].rstrip('/')}/v3/conversations/{conversation}/activities{path}"
        try:
            async with self.session.request(method, url, json={"type": "message", **content}) as response:
                self.bot.statuses.append(response.status)
                return await response.json()
        except aiohttp.ClientError:
            self.bot.statuses.append(0)
            return {}


def _with_card(content: Json, summary: str) -> Json:
    return {
        "summary": summary,
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }


def _invoke_answer(kind: str, value: Json | str, status: int = 200) -> web.Response:
    return web.json_response({"statusCode": status, "type": kind, "value": value})
