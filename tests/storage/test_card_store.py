from dialogs.domain.addresses import CardAddress, CardSubject
from dialogs.ports import UnitsOfWork


def a_card(person: str, message: str, subject: CardSubject = CardSubject.SIGNAL_FOR_OFFICER) -> CardAddress:
    return CardAddress(person, subject, "signal-1", message)


async def test_the_newest_message_of_each_person_is_remembered(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.cards.remember(a_card("officer-2", "message-2"))
        await uow.cards.remember(a_card("officer-1", "message-1"))
        await uow.cards.remember(a_card("officer-1", "message-3"))
        await uow.cards.remember(a_card("reporter-1", "message-4", CardSubject.DRAFT))
        await uow.commit()

    async with units() as uow:
        officers = await uow.cards.of("signal-1", CardSubject.SIGNAL_FOR_OFFICER)
        assert list(officers) == [a_card("officer-1", "message-3"), a_card("officer-2", "message-2")]
        drafts = await uow.cards.of("signal-1", CardSubject.DRAFT)
        assert list(drafts) == [a_card("reporter-1", "message-4", CardSubject.DRAFT)]
        assert list(await uow.cards.of("signal-2", CardSubject.DRAFT)) == []
