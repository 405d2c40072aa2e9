"""Understanding: what mensenhandel is, how to recognise it, how to talk about it, and where to learn more."""

import re
from pathlib import Path

import pytest

from bot.knowledge import load_learning, shipped
from dialogs.domain.criteria import Form
from dialogs.from_memory import answer_from_memory
from dialogs.learning import LearningInvalid, Lesson, Topic, lesson_in, parse_learning
from dialogs.turn import Pressed, Said
from tests.fakes.unit_of_work import Memory
from tests.knowledge import MONDAY, ROBIN, knowledge
from tests.transcript import Talk, buttons_of, play, words_of

LEARNING = load_learning()


@pytest.fixture
def robin() -> Talk:
    return Talk(Memory().unit_of_work, knowledge(), ROBIN, MONDAY)


@pytest.mark.parametrize(
    ("asked", "lesson"),
    [
        ("wat is mensenhandel?", Lesson(Topic.WHAT)),
        ("Wat is mensenhandle", Lesson(Topic.WHAT)),
        ("uitleg", Lesson(Topic.WHAT)),
        ("wat is arbeidsuitbuiting", Lesson(Topic.WHAT, Form.AU)),
        ("hoe herken ik mensenhandel?", Lesson(Topic.RECOGNISE)),
        ("hoe herken ik een loverboy", Lesson(Topic.RECOGNISE, Form.SU)),
        ("hoe herken ik criminele uitbuiting", Lesson(Topic.RECOGNISE, Form.CU)),
        ("Hoe bespreek ik het?", Lesson(Topic.DISCUSS)),
        ("hoe bespreek ik orgaanhandel", Lesson(Topic.DISCUSS, Form.OV)),
        ("training", Lesson(Topic.TRAINING)),
    ],
)
def test_who_asks_gets_that_lesson(asked: str, lesson: Lesson) -> None:
    assert lesson_in(asked, LEARNING) == lesson


@pytest.mark.parametrize(
    "said",
    [
        "",
        "arbeidsuitbuiting",
        "melden",
        "nummer avim",
        "er zit hier een vrouw die bang is",
        "hoe bespreek ik het niet",
        "wat is nooit mensenhandel",
        "ze zei dat ze niet wist wat het was en hoe ze hier kwam vandaag",
    ],
)
def test_what_is_told_or_looked_up_is_no_lesson(said: str) -> None:
    assert lesson_in(said, LEARNING) is None


async def test_the_lessons_lead_to_each_other_and_to_reporting(robin: Talk) -> None:
    await play(
        robin,
        """
        > wat is mensenhandel?
        < Twijfel je? Melden mag altijd.
        > [Over arbeidsuitbuiting]
        < Iemand moet werken onder dwang
        > [Hoe herken je het?]
        < Werkt extreem lang, bijna zonder vrije dagen.
        > [Hoe bespreek je het?]
        < Spreek de begeleider niet aan
        < Praat niet met de baas
        > [Meer leren]
        < [FairWork](https://www.fairwork.nu/trainingen-voor-gemeenten/)
        > [Melden]
        < Is er nu direct gevaar?
        """,
    )


async def test_a_lesson_is_read_in_the_middle_of_a_report_and_the_report_goes_on(robin: Talk) -> None:
    await play(
        robin,
        """
        > melden
        > [Nee]
        > hoe herken ik het?
        < Was je aan het melden? Typ 'verder'.
        > verder
        < Wat heb je gezien of gehoord?
        """,
    )


async def test_one_word_is_an_answer_while_a_report_is_open(robin: Talk) -> None:
    await play(robin, "> melden\n> [Nee]\n> training")

    assert robin.card.title != "Meer leren"


@pytest.mark.parametrize("topic", [Topic.WHAT, Topic.RECOGNISE, Topic.DISCUSS])
@pytest.mark.parametrize("form", Form)
def test_each_form_has_each_lesson_and_says_that_reporting_is_always_welcome(topic: Topic, form: Form) -> None:
    press = Pressed("learn.show", {"topic": topic, "form": form})

    answer = answer_from_memory(press, knowledge(), MONDAY)

    assert answer is not None
    card = answer.replies[0].card
    assert answer.replies[0].in_place
    assert LEARNING.forms[form].name in card.title
    assert "menu.report" in [button.action for button in buttons_of(card)]
    if topic is not Topic.DISCUSS:
        assert "Melden mag altijd" in words_of(card)


def test_what_to_look_for_comes_from_the_criteria_the_most_telling_first() -> None:
    answer = answer_from_memory(Said("hoe herken ik seksuele uitbuiting"), knowledge(), MONDAY)
    assert answer is not None
    words = words_of(answer.replies[0].card)

    listed = [criterion for criterion in knowledge().criteria if f"- {criterion.sentence}" in words]
    points = [criterion.strength.points for criterion in listed]
    assert 5 <= len(listed) <= 8
    assert all(Form.SU in criterion.forms for criterion in listed)
    assert min(points) >= 2


@pytest.mark.parametrize("data", [{"topic": "other"}, {"topic": "what", "form": "XX"}, {}])
async def test_a_button_of_no_lesson_is_answered_kindly(robin: Talk, data: dict[str, str]) -> None:
    await robin.does(Pressed("learn.show", data))

    robin.sees("Deze knop ken ik niet meer")


def test_the_trainings_are_those_of_the_policy_with_a_safe_link() -> None:
    """Policy annex 5 names five offers; four have a page."""
    links = [str(training.link) for training in LEARNING.trainings if training.link]

    assert [link.split("/")[2] for link in links] == [
        "hetccv.nl",
        "www.comensha.nl",
        "www.fairwork.nu",
        "publicaties.zonmw.nl",
    ]
    assert all(link.startswith("https://") for link in links)
    assert len(LEARNING.trainings) == 5


@pytest.mark.parametrize(
    ("wrong", "instead", "named"),
    [
        ("  OV:\n", "  XX:\n", "XX"),
        (r"(?s)  training:\n    asked.*?(?=forms:)", "", "nothing about training"),
        ("https://hetccv", "hetccv", "trainings"),
        (r"\Z", "extra: 1\n", "extra"),
        (r"(?s)\A.*", "a: [", "learning.yaml"),
    ],
    ids=["no such form", "a topic is missing", "no link", "an unknown key", "no YAML"],
)
def test_a_fault_in_the_file_of_lessons_is_named(wrong: str, instead: str, named: str) -> None:
    with pytest.raises(LearningInvalid, match=named):
        parse_learning(re.sub(wrong, instead, shipped("learning.yaml"), count=1))


def test_the_links_of_the_guide_and_the_lessons_are_the_same() -> None:
    guide = (Path(__file__).parents[2] / "deployment" / "guide" / "melden.md").read_text("utf-8")

    assert [training.name for training in LEARNING.trainings if training.link and str(training.link) not in guide] == []
