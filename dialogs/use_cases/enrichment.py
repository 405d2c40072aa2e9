"""What officers find out and write down: look-ups with their reason, and notes. The reporter never sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.domain.case_file import CaseFile, Field
from dialogs.domain.events import EventKind
from dialogs.domain.free_text import accepted
from dialogs.domain.places import address_forms, company_form
from dialogs.use_cases.case_work import CaseWork

#: In characters.
MOST_NOTED, MOST_VALUE, MOST_REASON = 2000, 500, 300


class ReasonMissing(Exception):
    """Nothing is looked up about people without a reason (domain.md 5, row 3: reasoned and logged)."""


@dataclass(frozen=True, slots=True)
class Enrichment:
    """The acts by which officers add to a signal. The buddy may do them too, and no open form is lost by them."""

    work: CaseWork

    async def note(self, signal_id: str, raw: str) -> CaseFile:
        """Write a note, for officers only, also after the end. Raises NotAllowed, Follows, TextRefused."""
        text = accepted(raw, most=MOST_NOTED, required=True)
        return await self.work.add_once(await self.work.case(signal_id), EventKind.NOTED, {"note": text})

    async def look_up(self, signal_id: str, field: Field, raw_value: str, raw_reason: str) -> CaseFile:
        """Keep what was found about a signal, or with an empty value that nothing was, and why it was looked up.

        A place makes the signal one that can be found from others at the same place. Raises NotAllowed, Follows,
        TextRefused, ReasonMissing.
        """
        value = accepted(raw_value, most=MOST_VALUE)
        reason = accepted(raw_reason, most=MOST_REASON)
        if not reason:
            raise ReasonMissing
        case = await self.work.case(signal_id)
        content = {"field": field.value, "value": value, "reason": reason, "hit": "yes" if value else "no"}
        return await self._enrich(case, field, content)

    async def take_away(self, signal_id: str, field: Field) -> CaseFile:
        """Take a field away again; the history keeps that it was there. Raises NotAllowed, Follows."""
        case = await self.work.case(signal_id)
        if field not in case.enrichment:
            return case
        return await self._enrich(case, field, {"field": field.value, "value": "", "reason": "", "hit": "yes"})

    async def _enrich(self, case: CaseFile, field: Field, content: Mapping[str, str]) -> CaseFile:
        if field in case.enrichment and dict(case.enrichment[field].content) == dict(content):
            return case  # pressed twice
        after = await self.work.add(case, EventKind.ENRICHED, content, why=field)
        await self.work.uow.signals.place(case.signal.id, places_of(after))
        return after


def places_of(case: CaseFile) -> tuple[tuple[str, str], ...]:
    """Where the signal can be found from others, in normal form, as the index takes it."""
    known = {field: event.content["value"] for field, event in case.enrichment.items()}
    addresses, company = address_forms(known.get(Field.ADDRESS, "")), company_form(known.get(Field.COMPANY, ""))
    return (
        *((Field.ADDRESS.value, form) for form in addresses),
        *(((Field.COMPANY.value, company),) if company else ()),
    )
