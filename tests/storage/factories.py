"""Signals, drafts, notices and people as tests need them: give only what matters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dialogs.domain.addresses import Address
from dialogs.domain.assessment import Assessment, Counted, Outcome
from dialogs.domain.criteria import Dimension, Form, Source, Strength
from dialogs.domain.delphi import DelphiResult, DimensionResult
from dialogs.domain.events import EventKind, SignalEvent
from dialogs.domain.lifecycle import SignalStatus
from dialogs.domain.notices import Notice, NoticeKind
from dialogs.domain.recognition import Suggestion
from dialogs.domain.routing import RouteToken
from dialogs.domain.signals import Draft, Signal
from dialogs.ports import AuditEntry

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

QUOTE = "hij hield haar paspoort"
STORY = f"Aan de balie stond een vrouw; {QUOTE} en praatte voor haar 😟."
SUGGESTION = Suggestion("papers_held", QUOTE, STORY.index(QUOTE), STORY.index(QUOTE) + len(QUOTE))
ANSWERS = {"story": STORY, "place": "balie 3", "seen": ("papers_held", "other_speaks")}
ASSESSMENT = Assessment(
    outcome=Outcome.CLEAR,
    forms=(Form.SU, Form.AU),
    route=(RouteToken.AF, RouteToken.AVIM),
    counted=(Counted("papers_held", Strength.STRONG, Source.DELPHI),),
    reasons=("Iemand anders houdt de papieren. Weegt sterk (ILO Delphi 2009).",),
    explanation="Wat je zag, past bij signalen van mensenhandel.",
    missing=("Of de persoon jonger is dan 18.",),
    delphi=DelphiResult((DimensionResult(Dimension.COERCION, "dwang op de plek zelf", 1, 0, 0, False),), "Geen geval."),
    criteria_version="2026-11",
)


def an_assessment(outcome: Outcome) -> Assessment:
    """An assessment that came to this outcome."""
    return replace(ASSESSMENT, outcome=outcome)


def a_draft(draft_id: str = "draft-1", **changes: Any) -> Draft:
    """A draft with a story in it, not stored yet."""
    draft = Draft(
        id=draft_id,
        reporter="reporter-1",
        started_at=NOW,
        changed_at=NOW,
        answers=ANSWERS,
        suggestions=(SUGGESTION,),
        danger_quote="bang",
        minor_quote="een meisje van 15",
        focus="place",
    )
    return replace(draft, **changes)


def a_signal(number: int = 1, *, outcome: Outcome = Outcome.CLEAR, **changes: Any) -> Signal:
    """A signal that has just been received, not stored yet: "signal-1", "S-2026-0001"."""
    signal = Signal(
        id=f"signal-{number}",
        reference=f"S-2026-{number:04}",
        reporter="reporter-1",
        reporter_name="Anne Jansen",
        received_at=NOW,
        answers=ANSWERS,
        suggestions=(SUGGESTION,),
        assessment=an_assessment(outcome),
        changed_at=NOW,
    )
    return replace(signal, **changes)


def an_event(signal_id: str = "signal-1", **changes: Any) -> SignalEvent:
    """An event of a signal, not stored yet."""
    content = {"partner": "avim", "note": "gebeld met de wijkagent"}
    event = SignalEvent(signal_id, NOW, "officer-1", EventKind.TAKEN_UP, SignalStatus.TAKEN_UP, content=content)
    return replace(event, **changes)


def a_notice(notice_id: str = "notice-1", recipient: str = "officer-1", **changes: Any) -> Notice:
    """A notice to somebody, not stored yet."""
    detail = {"event": "1"}
    notice = Notice(notice_id, NoticeKind.SIGNAL_FOR_OFFICER, recipient, "signal-1", NOW, detail)
    return replace(notice, **changes)


def an_address(person: str = "reporter-1", **changes: Any) -> Address:
    """Where somebody was last seen."""
    address = Address(
        person=person,
        name="Anne Jansen",
        conversation_id="a:1",
        service_url="https://smba.example/emea/",
        tenant_id="tenant-1",
        teams_id="29:1",
        bot_id="28:1",
        seen_at=NOW,
    )
    return replace(address, **changes)


def an_audit_entry(action: str = "signal_opened", **changes: Any) -> AuditEntry:
    """A line for the audit log."""
    return replace(AuditEntry(NOW, "officer-1", action, "signal-1"), **changes)
