"""The knowledge of a made-up staff in Maashorst, from the shipped files."""

from datetime import UTC, datetime
from functools import cache

from bot.commands.knowledge import load_criteria
from bot.knowledge import load_partner_file, shipped
from dialogs.conversation import Person
from dialogs.domain.access import Staff
from dialogs.domain.partners import lay_over
from dialogs.knowledge import CurrentPartners, Knowledge
from dialogs.learning import parse_learning
from dialogs.texts import parse_texts
from tests.fakes.suggester import WordSuggester

#: A Monday at ten in the morning in Amsterdam.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANNA, BAS, CONFIDANT = "officer-anna", "officer-bas", "confidant-1"
ADMINISTRATOR = "administrator-1"
STAFF = Staff((ANNA, BAS), (CONFIDANT,), (ADMINISTRATOR,))


@cache
def knowledge() -> Knowledge:
    """What the dialogs know in these tests."""
    return Knowledge(
        criteria=load_criteria(),
        suggester=WordSuggester(),
        partners=CurrentPartners(lay_over(load_partner_file("maashorst"))),
        texts=parse_texts(shipped("texts.yaml")),
        learning=parse_learning(shipped("learning.yaml")),
        staff=STAFF,
        municipality="gemeente Maashorst",
        officer_names={ANNA: "Anna", BAS: "Bas"},
    )


def person(person_id: str, name: str) -> Person:
    """Somebody with the roles that the staff list gives."""
    return Person(STAFF.actor(person_id), name)


ROBIN = person("reporter-robin", "Robin")
EMPLOYEE = person("reporter-kim", "Kim")
OFFICER_ANNA = person(ANNA, "Anna")
OFFICER_BAS = person(BAS, "Bas")
