"""What goes wrong today: each kind of fault is there or not, so that days differ in kind and not only in luck."""

from dataclasses import dataclass, field, fields
from random import Random

from tests.fake_connector import CLOSED, RESET, Fault, answers, answers_html, takes_then, waits


@dataclass(slots=True)
class Weather:
    """The chance of each fault, for each call or each press; nought on a good day."""

    #: From Teams to the bot: the request or its answer is lost, or it is delivered again under its own or a new id.
    request_lost: float = 0.0
    answer_lost: float = 0.0
    delivered_again: float = 0.0
    delivered_again_under_a_new_id: float = 0.0
    #: Somebody presses twice.
    double_press: float = 0.0
    #: From the bot to Teams: before it arrives, and after it was taken.
    not_connected: float = 0.0
    lost_on_the_way: float = 0.0
    taken_and_answer_lost: float = 0.0
    too_many_requests: float = 0.0
    unavailable: float = 0.0
    server_error: float = 0.0
    gateway_page: float = 0.0
    taken_then_timed_out: float = 0.0
    slow: float = 0.0
    #: At each statement, commit and call: the replica is killed there.
    killed: float = 0.0


#: The most that each may be; a call has many boundaries and a day many calls. What is delivered again is mostly a press
#: that no longer counts: often, so that a text that comes twice is seen too.
_MOST = {"killed": 0.002, "double_press": 0.3, "delivered_again": 0.6}


def todays(random: Random) -> Weather:
    """Each kind of fault is there on every other day."""
    weather = Weather()
    for each in fields(Weather):
        if random.random() < 0.5:
            setattr(weather, each.name, random.uniform(0.1, 1.0) * _MOST.get(each.name, 0.15))
    return weather


@dataclass(slots=True)
class Storm:
    """For a while every call to Teams fails in the same way, for everybody or in one conversation."""

    until: float
    fault: Fault
    conversation: str | None


@dataclass(slots=True)
class Forecast:
    """The weather, with its storms; `clears_up` ends it all."""

    random: Random
    weather: Weather
    storms: list[Storm] = field(default_factory=list[Storm])
    #: Between which times a call is on its way to Teams, in seconds.
    latency: tuple[float, float] = (0.002, 0.05)

    def clears_up(self) -> None:
        """Nothing goes wrong any more."""
        self.weather = Weather()
        self.storms.clear()

    def happens(self, chance: float) -> bool:
        """Whether something with this chance happens now."""
        return chance > 0.0 and self.random.random() < chance

    def storm(self, now: float, conversations: list[str]) -> None:
        """A storm breaks."""
        length = self.random.choice((20.0, 90.0, 400.0))
        one = self.random.choice((None, *conversations))
        self.storms.append(Storm(now + length, self._some_fault(), one))

    def fault(self, now: float, conversation: str) -> Fault:
        """How Teams fails at this call; mostly not at all."""
        for storm in self.storms:
            if now < storm.until and storm.conversation in {None, conversation}:
                return storm.fault
        weather = self.weather
        chances = (
            (weather.too_many_requests, lambda: answers(429, retry_after=self.random.choice((1, 7, 30)))),
            (weather.unavailable, lambda: answers(503, retry_after=self.random.choice((None, 2, 20)))),
            (weather.server_error, lambda: answers(self.random.choice((408, 412, 500, 503, 504)))),
            (weather.gateway_page, answers_html),
            (weather.taken_then_timed_out, lambda: takes_then(answers(504))),
            (weather.taken_and_answer_lost, lambda: takes_then(self.random.choice((RESET, CLOSED)))),
            (weather.lost_on_the_way, lambda: self.random.choice((RESET, CLOSED))),
            (weather.slow, lambda: waits(self.random.choice((0.1, 2.0, 10.0, 20.0)))),
        )
        for chance, make in chances:
            if self.happens(chance):
                return make()
        return Fault()

    def _some_fault(self) -> Fault:
        return self.random.choice(
            (
                answers(429, retry_after=5),
                answers(429),
                answers(503, retry_after=60),
                answers(500),
                answers_html(),
                takes_then(answers(504)),
                RESET,
                waits(10.0),
            )
        )
