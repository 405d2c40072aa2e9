"""A report that does not open: its reporter is told, can begin anew, and goes on with it once it opens again."""

from dialogs.domain.notices import NoticeKind
from dialogs.turn import Pressed, Said
from dialogs.use_cases.watch import take_back_drafts, watch_drafts
from tests.dialogs.reporting import STORY, notices, report
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, ROBIN
from tests.transcript import Talk, play, words_of


async def half_way(robin: Talk) -> Talk:
    return await play(
        robin,
        f"""
        > melden
        < Is er nu direct gevaar?
        > [Nee]
        < Wat heb je gezien of gehoord?
        > Wat heb je gezien = {STORY}
        > [Volgende]
        < Dit las ik in je tekst
        """,
    )


async def loses_the_key(memory: Memory) -> str:
    """The open report does not open any more; its id."""
    [draft_id] = memory.committed.drafts
    memory.committed.unreadable.add(draft_id)
    return draft_id


async def test_who_types_on_hears_that_the_open_report_does_not_open_and_can_begin_anew_at_once(
    memory: Memory, robin: Talk
) -> None:
    await half_way(robin)
    draft_id = await loses_the_key(memory)

    told, _ = (await robin.take(Said("Ze huilde"))).replies
    assert told.card.title == "Je open melding gaat niet open"
    assert "Meldingen die je al hebt verstuurd, zijn veilig." in words_of(told.card)
    assert [button.title for button in told.card.buttons] == ["Melden"]
    assert list(memory.committed.drafts_aside) == [draft_id]
    assert [(each.action, each.subject) for each in memory.audit_entries] == [("draft_set_aside", draft_id)]

    await report(robin)


async def test_who_asks_to_report_is_told_and_stands_at_the_first_question(memory: Memory, robin: Talk) -> None:
    await half_way(robin)
    await loses_the_key(memory)

    answer = await robin.take(Said("melden"))

    assert [reply.card.title for reply in answer.replies] == [
        "Je open melding gaat niet open",
        "Is er nu direct gevaar?",
    ]


async def test_a_press_on_the_card_of_the_report_is_told_the_same_and_so_is_the_next(
    memory: Memory, robin: Talk
) -> None:
    await half_way(robin)
    draft_id = await loses_the_key(memory)

    for _ in range(2):
        await robin.does(Pressed("intake.answer", {"draft": draft_id, "version": "3"}))
        assert robin.card.title == "Je open melding gaat niet open"


async def test_once_it_opens_again_the_report_goes_on_where_it_was(memory: Memory, robin: Talk) -> None:
    await half_way(robin)
    draft_id = await loses_the_key(memory)
    await robin.does(Said("help"))
    memory.committed.unreadable.clear()

    async with memory.unit_of_work() as uow:
        assert await take_back_drafts(uow, MONDAY, 9) == 1
        assert await watch_drafts(uow, MONDAY, 9) == 1
        await uow.commit()

    assert (NoticeKind.DRAFT_REMINDER, ROBIN.actor.id) in await notices(memory)
    await play(
        robin,
        """
        > verder
        < Dit las ik in je tekst
        """,
    )
    assert list(memory.committed.drafts) == [draft_id]
