"""A Bot Framework connector on this machine: what a bot sends to Teams, it sends here."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Literal

from aiohttp import web

from bot.local.chats import Chats, NoSuchMessage
from bot.local.events import Delivery, FaultsChanged, Typing
from bot.local.faults import Fault, Faults
from bot.local.feed import Feed
from bot.local.people import LocalPerson
from bot.local.protocol import NewConversation, Refused, SentActivity

Act = Callable[[web.Request, LocalPerson], Awaitable[web.Response]]
What = Literal["message", "edit", "removal"]


class Connector:
    """Takes deliveries from the bot and shows them in the chats."""

    def __init__(
        self, people: Sequence[LocalPerson], chats: Chats, faults: Faults, feed: Feed, now: Callable[[], datetime]
    ) -> None:
        self._people = people
        self._chats = chats
        self._faults = faults
        self._feed = feed
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        """The addresses below the service url."""
        conversation = "/v3/conversations/{conversation}"
        return [
            web.post("/v3/conversations", self._open),
            web.post(f"{conversation}/activities", self._delivery(self._post, "message")),
            web.post(f"{conversation}/activities/{{activity}}", self._delivery(self._post, "message")),
            web.put(f"{conversation}/activities/{{activity}}", self._delivery(self._edit, "edit")),
            web.delete(f"{conversation}/activities/{{activity}}", self._delivery(self._remove, "removal")),
            web.get(f"{conversation}/members", self._members),
            web.get(f"{conversation}/pagedmembers", self._members),
            web.get(f"{conversation}/members/{{member}}", self._member),
        ]

    def _delivery(self, act: Act, what: What) -> Callable[[web.Request], Awaitable[web.Response]]:
        """The handler that acts, unless a fault is due, and writes it in the log."""

        async def handler(request: web.Request) -> web.Response:
            person = self._person(request)
            fault = self._faults.take()
            try:
                answer = await _with(fault, act, request, person)
            except Refused as refused:
                answer = refused.answer()
            if fault:
                self._feed.publish(FaultsChanged(pending=self._faults.pending))
            status = 0 if fault is Fault.CUT else answer.status
            self._feed.publish(Delivery(at=self._now(), person=person.key, to_bot=False, what=what, status=status))
            return answer

        return handler

    async def _post(self, request: web.Request, person: LocalPerson) -> web.Response:
        activity = await SentActivity.of(request)
        if activity.type == "typing":
            self._feed.publish(Typing(person=person.key))
            return web.json_response({}, status=202)
        message = self._chats.post(person, activity.content(), by_bot=True)
        return web.json_response({"id": message.id}, status=201)

    async def _edit(self, request: web.Request, person: LocalPerson) -> web.Response:
        activity = await SentActivity.of(request)
        message_id = request.match_info["activity"]
        try:
            self._chats.edit(person, message_id, activity.content())
        except NoSuchMessage:
            raise Refused(404, "ActivityNotFoundInConversation") from None
        return web.json_response({"id": message_id})

    async def _remove(self, request: web.Request, person: LocalPerson) -> web.Response:
        try:
            self._chats.remove(person, request.match_info["activity"])
        except NoSuchMessage:
            raise Refused(404, "ActivityNotFoundInConversation") from None
        return web.json_response({})

    async def _open(self, request: web.Request) -> web.Response:
        wanted = await NewConversation.of(request)
        member = wanted.members[0].id
        person = next((p for p in self._people if member in (p.object_id, p.teams_id)), None)
        if person is None or not self._chats.has_app(person):
            raise Refused(403, "ForbiddenOperationException")
        opened = {"id": person.conversation_id}
        if wanted.activity:
            opened["activityId"] = self._chats.post(person, wanted.activity.content(), by_bot=True).id
        return web.json_response(opened, status=201)

    async def _members(self, request: web.Request) -> web.Response:
        members = [_account(self._person(request))]
        return web.json_response({"members": members} if request.path.endswith("/pagedmembers") else members)

    async def _member(self, request: web.Request) -> web.Response:
        person = self._person(request)
        if request.match_info["member"] not in (person.teams_id, person.object_id):
            raise Refused(404, "MemberNotFoundInConversation")
        return web.json_response(_account(person))

    def _person(self, request: web.Request) -> LocalPerson:
        """Whose conversation it is. Raises Refused; 403 for somebody who does not have the app, as in Teams."""
        conversation = request.match_info["conversation"]
        person = next((person for person in self._people if person.conversation_id == conversation), None)
        if person is None:
            raise Refused(404, "ConversationNotFound")
        if not self._chats.has_app(person):
            raise Refused(403, "BotNotInConversationRoster")
        return person


async def _with(fault: Fault | None, act: Act, request: web.Request, person: LocalPerson) -> web.Response:
    match fault:
        case Fault.REFUSED:
            raise Refused(503, "ServiceUnavailable")
        case Fault.CUT:
            if request.transport:
                request.transport.abort()
            return web.Response()
        case Fault.ANSWER_LOST:
            await act(request, person)
            raise Refused(504, "GatewayTimeout")
        case None:
            return await act(request, person)


def _account(person: LocalPerson) -> dict[str, str]:
    return {"id": person.teams_id, "name": person.name, "aadObjectId": person.object_id}
