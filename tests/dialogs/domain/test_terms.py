"""What runs out when: decisions as tables, on a week in Amsterdam with a weekend and King's Day in it."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from dialogs.domain.assessment import Outcome
from dialogs.domain.case_file import CaseFile, Field, case_file
from dialogs.domain.criteria import Form
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.signals import Standing
from dialogs.domain.terms import Terms, WatchKind, planned, watches
from tests.storage.factories import a_signal

E, S = EventKind, SignalStatus
Happened = tuple[str, EventKind, dict[str, str]]
NOTHING: dict[str, str] = {}


def at(local: str) -> datetime:
    """A moment on the clock of Amsterdam in 2026, in UTC: "04-20 10:00" is a Monday."""
    return datetime.fromisoformat(f"2026-{local}").replace(tzinfo=AMSTERDAM).astimezone(UTC)


ANSWER_CONFIRMED: Happened = ("04-20 11:30", E.REASSESSED, {"before": "other", "after": "vague", "criteria": ""})


def a_case(
    *happened: tuple[str, EventKind, dict[str, str]], outcome: Outcome = Outcome.VAGUE, **changes: Any
) -> CaseFile:
    """A case received on Monday at ten, with this history behind it; the status is that of the last event."""
    told = (("04-20 10:00", E.RECEIVED, NOTHING), *happened)
    statuses = {
        E.TAKEN_UP: S.TAKEN_UP,
        E.ASKED: S.WAITING_FOR_REPORTER,
        E.HANDED_OVER: S.HANDED_OVER,
        E.CLOSED: S.CLOSED,
        E.REOPENED: S.REOPENED,
        E.ANSWERED: S.TAKEN_UP,
    }
    status, history = S.RECEIVED, list[SignalEvent]()
    for number, (when, kind, content) in enumerate(told, start=1):
        status = statuses.get(kind, status)
        history.append(SignalEvent("signal-1", at(when), "officer-1", kind, status, number, content))
    owner = "officer-1" if status is not S.RECEIVED else None
    signal = a_signal(outcome=outcome, received_at=at("04-20 10:00"), status=status, owner=owner)
    return case_file(replace(signal, **changes), history)


def running(case: CaseFile) -> dict[str, tuple[int, datetime]]:
    """What is waited for: which step comes when."""
    return {f"{watch.kind} {watch.about}".strip(): (watch.step, watch.due_at) for watch in watches(case, Terms())}


def ran_out(when: str, kind: WatchKind, about: str) -> Happened:
    return (when, E.ESCALATED, {"watch": kind, "about": about, "step": "1", "told": "officer-1"})


@pytest.mark.parametrize(
    ("outcome", "received", "due"),
    [
        (Outcome.ACUTE, "04-20 10:00", "04-20 10:15"),
        (Outcome.CLEAR, "04-20 10:00", "04-20 14:00"),
        (Outcome.VAGUE, "04-20 10:00", "04-22 10:00"),
        (Outcome.OTHER, "04-20 10:00", "04-22 10:00"),
        (Outcome.NONE, "04-20 10:00", "04-22 10:00"),
    ],
)
def test_a_signal_that_nobody_takes_up_is_due_by_its_urgency(outcome: Outcome, received: str, due: str) -> None:
    assert running(a_case(outcome=outcome))["unclaimed 1"] == (1, at(due))


@pytest.mark.parametrize(
    ("received", "acute", "clear", "vague"),
    [
        ("04-24 16:00", "04-24 16:15", "04-28 12:00", "04-29 16:00"),
        ("04-25 03:00", "04-25 03:15", "04-28 13:00", "04-30 09:00"),
    ],
    ids=["on a Friday before the weekend and King's Day", "in the night to Saturday"],
)
def test_danger_runs_on_the_real_clock_and_all_else_on_that_of_working_time(
    received: str, acute: str, clear: str, vague: str
) -> None:
    def due(outcome: Outcome) -> datetime:
        case = a_case(outcome=outcome, received_at=at(received))
        events = tuple(replace(event, at=at(received)) for event in case.history)
        return running(case_file(case.signal, events))["unclaimed 1"][1]

    assert [due(each) for each in (Outcome.ACUTE, Outcome.CLEAR, Outcome.VAGUE)] == [at(acute), at(clear), at(vague)]


def test_an_alarm_comes_again_ever_more_slowly_but_never_stops() -> None:
    alarms = ["04-20 10:15", "04-20 10:45", "04-20 11:45", "04-20 12:45"]
    for fired, (_, following) in enumerate(pairwise(alarms), start=1):
        past = (ran_out(when, WatchKind.UNCLAIMED, "1") for when in alarms[:fired])

        assert running(a_case(*past, outcome=Outcome.ACUTE))["unclaimed 1"] == (fired + 1, at(following))


def test_who_takes_it_up_ends_the_wait_and_who_reopens_it_begins_another() -> None:
    taken = (("04-20 11:00", E.TAKEN_UP, NOTHING),)
    reopened = (*taken, ("04-20 12:00", E.CLOSED, {"text": "no_action"}), ("04-21 10:00", E.REOPENED, {"reason": "r"}))

    assert "unclaimed 1" not in running(a_case(*taken))
    assert running(a_case(*reopened))["unclaimed 4"] == (1, at("04-23 10:00"))


def test_a_question_is_reminded_of_after_two_working_days_and_ends_after_five() -> None:
    asked = (("04-20 11:00", E.TAKEN_UP, NOTHING), ("04-20 12:00", E.ASKED, {"question": "Hoe laat?"}))
    reminded = (*asked, ran_out("04-22 12:00", WatchKind.QUESTION, "3"))
    answered = (*reminded, ("04-22 13:00", E.ANSWERED, {"asked": "3", "text": "om drie uur"}))

    assert running(a_case(*asked))["question 3"] == (1, at("04-22 12:00"))
    assert running(a_case(*reminded))["question 3"] == (2, at("04-28 12:00"))
    assert "question 3" not in running(a_case(*answered))


def test_an_offer_waits_a_working_day() -> None:
    offered = (("04-20 11:00", E.TAKEN_UP, NOTHING), ("04-20 12:00", E.OFFERED, {"to": "officer-2", "reason": "vrij"}))

    assert running(a_case(*offered))["offer 3"] == (1, at("04-21 12:00"))
    assert "offer 3" not in running(a_case(*offered, ("04-20 13:00", E.DECLINED, {"reason": ""})))


def test_a_partner_is_late_the_day_after_the_one_that_was_agreed_and_then_every_two_working_days() -> None:
    over = ("04-20 12:00", E.HANDED_OVER, {"partner": "avim,zoco", "due": "2026-04-24", "feedback": ""})
    handed = (("04-20 11:00", E.TAKEN_UP, NOTHING), over)
    told = (*handed, ran_out("04-28 09:00", WatchKind.PARTNER, "3.avim"))
    answer = ("04-28 10:00", E.PARTNER_ANSWERED, {"partner": "zoco", "about": "3", "text": "opgepakt"})

    assert running(a_case(*handed))["partner 3.avim"] == (1, at("04-28 09:00"))
    assert running(a_case(*handed))["partner 3.zoco"] == (1, at("04-28 09:00"))
    assert running(a_case(*told))["partner 3.avim"] == (2, at("04-30 09:00"))
    assert "partner 3.zoco" not in running(a_case(*told, answer))


def test_a_partner_who_was_not_asked_for_feedback_owes_none() -> None:
    over = ("04-20 12:00", E.HANDED_OVER, {"partner": "avim", "due": "", "feedback": ""})

    assert a_case(("04-20 11:00", E.TAKEN_UP, NOTHING), over).owed_by_partners == ()


def test_the_reporter_hears_something_every_ten_working_days() -> None:
    taken = (("04-20 11:00", E.TAKEN_UP, NOTHING),)
    silent = (*taken, ("04-21 09:00", E.CONSULTED, {"partner": "avim", "text": "", "feedback": "", "due": ""}))
    told = (*taken, ("04-23 09:00", E.FED_BACK, {"text": "in_progress", "how": "in_person"}))

    assert running(a_case())["feedback"] == (1, at("05-05 10:00"))
    assert running(a_case(*taken))["feedback"] == (1, at("05-05 11:00"))
    assert running(a_case(*silent))["feedback"] == (1, at("05-05 11:00"))
    assert running(a_case(*told))["feedback"] == (1, at("05-08 09:00"))


def test_what_is_planned_is_the_soonest_and_what_is_owed() -> None:
    over = ("04-20 12:00", E.HANDED_OVER, {"partner": "avim", "due": "2026-04-22", "feedback": ""})
    signal = planned(a_case(("04-20 11:00", E.TAKEN_UP, NOTHING), over), Terms())

    assert signal.due_at == at("04-23 09:00")
    assert signal.partner_due_at == at("04-23 00:00")
    assert signal.feedback_due_at == at("05-05 12:00")


@pytest.mark.parametrize("changes", [{"lead": "signal-2"}, {"status": S.CLOSED}, {"status": S.WITHDRAWN}], ids=str)
def test_nothing_is_waited_for_in_a_signal_that_follows_or_has_ended(changes: dict[str, Any]) -> None:
    over = ("04-20 12:00", E.HANDED_OVER, {"partner": "avim", "due": "2026-04-22", "feedback": ""})
    signal = planned(a_case(("04-20 11:00", E.TAKEN_UP, NOTHING), over, **changes), Terms())

    assert (signal.due_at, signal.feedback_due_at) == (None, None)
    assert (signal.partner_due_at is None) == ("status" in changes)


def test_a_case_is_read_from_its_events() -> None:
    case = a_case(
        ("04-20 11:00", E.TAKEN_UP, NOTHING),
        ("04-20 11:01", E.ENRICHED, {"field": "address", "value": "Kerkstraat 1", "reason": "BRP"}),
        ("04-20 11:02", E.ENRICHED, {"field": "company", "value": "Bakker", "reason": "KVK"}),
        ("04-20 11:03", E.ENRICHED, {"field": "company", "value": "", "reason": "ander bedrijf"}),
        ("04-20 11:04", E.TICKED, {"token": "AVIM", "done": "yes"}),
        ("04-20 11:05", E.TICKED, {"token": "ZOCO", "done": "yes"}),
        ("04-20 11:06", E.TICKED, {"token": "ZOCO", "done": "no"}),
        ("04-20 11:07", E.JUDGED, {"outcome": "clear", "form": "AU", "reason": "loonstroken gezien"}),
        ("04-20 11:08", E.JUDGED, {"outcome": "vague", "form": "", "reason": "toch niet"}),
        ("04-20 11:09", E.OFFERED, {"to": "officer-2", "reason": "druk"}),
        ("04-20 11:10", E.ASKED, {"question": "Hoe laat?"}),
    )

    assert {field: event.content["value"] for field, event in case.enrichment.items()} == {
        Field.ADDRESS: "Kerkstraat 1"
    }
    assert case.done == {"AVIM"}
    assert case.judgement is not None
    assert (case.judgement.outcome, case.judgement.form) == (Outcome.VAGUE, None)
    assert case.offer is not None
    assert case.offer.to == "officer-2"
    assert case.question is not None
    assert case.question.text == "Hoe laat?"


def judged(outcome: Outcome, form: str = "") -> Happened:
    """Anna judges it."""
    return "04-20 11:07", E.JUDGED, {"outcome": outcome.value, "form": form, "reason": "gezien"}


@pytest.mark.parametrize(
    ("happened", "standing"),
    [
        pytest.param((), None, id="nobody judged it"),
        pytest.param((judged(Outcome.CLEAR, "AU"),), Standing(Outcome.CLEAR, (Form.AU,)), id="more urgent"),
        pytest.param((judged(Outcome.NONE),), Standing(Outcome.NONE, ()), id="less urgent"),
        pytest.param((judged(Outcome.NONE), ANSWER_CONFIRMED), None, id="more confirmed since"),
        pytest.param(
            (ANSWER_CONFIRMED, judged(Outcome.NONE)), Standing(Outcome.NONE, ()), id="judged with that in mind"
        ),
        pytest.param(
            (judged(Outcome.CLEAR), ANSWER_CONFIRMED), Standing(Outcome.CLEAR, ()), id="more urgent than what came"
        ),
    ],
)
def test_a_signal_is_listed_as_the_officer_judged_it_and_never_below_what_was_confirmed_since(
    happened: tuple[Happened, ...], standing: Standing | None
) -> None:
    case = a_case(("04-20 11:00", E.TAKEN_UP, NOTHING), *happened)
    assert planned(case, Terms()).judged == standing


def test_a_judgement_that_is_the_assessment_changes_nothing() -> None:
    case = a_case(judged(Outcome.VAGUE, "SU"))
    same = replace(case.signal, assessment=replace(case.signal.assessment, forms=(Form.SU,)))
    assert planned(CaseFile(same, case.history), Terms()).judged is None
