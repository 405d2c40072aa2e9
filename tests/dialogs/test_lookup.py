import re
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.partners import Directory, LookUp, parse_directory
from dialogs.lookup import EMERGENCY, look_up, look_up_query

CORPUS = Path(__file__).parents[1] / "corpus" / "lookup"
BY_DAY = datetime(2026, 11, 24, 10, tzinfo=AMSTERDAM)
BY_NIGHT = datetime(2026, 11, 24, 23, tzinfo=AMSTERDAM)
CHRISTMAS = datetime(2026, 12, 25, 10, tzinfo=AMSTERDAM)
ENOUGH = 0.95


def corpus(name: str) -> Any:
    return yaml.safe_load((CORPUS / f"{name}.yaml").read_text("utf-8"))


def shipped(municipality: str) -> Directory:
    return parse_directory(
        resources.files("dialogs").joinpath("data", "partners", f"{municipality}.yaml").read_text("utf-8")
    )


MAASHORST = shipped("maashorst")
EERSEL = shipped("eersel")


def keys(answer: LookUp) -> list[str]:
    return [contact.partner.key for contact in answer.contacts]


def test_there_are_enough_questions_and_a_third_was_put_aside() -> None:
    questions = corpus("questions")
    texts = [entry["text"] for part in questions.values() for entry in part]
    assert len(texts) == len(set(texts)) >= 150
    assert len(questions["heldout"]) >= len(texts) // 3


@pytest.mark.parametrize("directory", [MAASHORST, EERSEL], ids=["maashorst", "eersel"])
@pytest.mark.parametrize("part", ["dev", "heldout"])
def test_people_find_the_right_partner_first_by_day(part: str, directory: Directory) -> None:
    questions = corpus("questions")[part]
    wrong = [each["text"] for each in questions if keys(look_up(directory, each["text"], BY_DAY))[0] != each["partner"]]
    assert 1 - len(wrong) / len(questions) >= ENOUGH, wrong if part == "dev" else len(wrong)


@pytest.mark.parametrize("text", corpus("reports"))
def test_a_sentence_of_a_report_starts_no_look_up(text: str) -> None:
    assert look_up_query(MAASHORST, text) is None


@pytest.mark.parametrize("name", ["vignettes", "desk/dev", "prose/dev"])
def test_no_sentence_of_a_whole_report_starts_a_look_up(name: str) -> None:
    text = (CORPUS.parent / f"{name}.yaml").read_text("utf-8")
    reports: list[dict[str, Any]] = yaml.load(text, yaml.CSafeLoader)
    sentences = [part for each in reports for part in (each["text"], *re.split(r"[.!?,]\s+", each["text"]))]
    assert [sentence for sentence in sentences if look_up_query(MAASHORST, sentence) is not None] == []


@pytest.mark.parametrize("text", corpus("asked"))
def test_a_question_for_a_number_starts_a_look_up(text: str) -> None:
    assert look_up_query(MAASHORST, f" {text} ") == text


@pytest.mark.parametrize("text", ["", "   ", "?", "📞", "nee", "ja", "a" * 100_000, "politie " * 50])
def test_what_asks_nothing_starts_no_look_up(text: str) -> None:
    assert look_up_query(MAASHORST, text) is None


@pytest.mark.parametrize(
    ("query", "at", "expected"),
    [
        ("avim", BY_DAY, ["avim"]),
        ("avim", BY_NIGHT, ["politie", "avim"]),
        ("avim", CHRISTMAS, ["politie", "avim"]),
        ("politie", BY_NIGHT, ["politie"]),
        ("veilig_thuis", CHRISTMAS, ["veilig_thuis"]),
        ("seksuele uitbuiting", BY_DAY, ["avim", "zoco"]),
        ("arbeidsuitbuiting", BY_DAY, ["nla", "zoco"]),
        ("seksuele uitbuiting", BY_NIGHT, ["politie", "avim", "zoco"]),
        ("avim of kmar", BY_DAY, ["avim", "kmar"]),
        ("riec of avim", BY_DAY, ["avim", "riec"]),
        ("er is gevaar", BY_DAY, ["112"]),
        ("avim, er is direct gevaar", BY_DAY, ["112", "avim"]),
        ("avim, er is direct gevaar", BY_NIGHT, ["112", "politie", "avim"]),
        ("fietsenmaker", BY_DAY, ["avim", "zoco", "nla", "112"]),
        ("", BY_DAY, ["avim", "zoco", "nla", "112"]),
        ("what is the number of the police", BY_NIGHT, ["politie"]),
        ("who do I call for labour exploitation", BY_DAY, ["nla"]),
        ("numer telefonu policji", BY_DAY, ["politie"]),
        ("📞 NuMmEr AvIm 📞", BY_DAY, ["avim"]),
        ("a.v.i.m.", BY_DAY, ["avim"]),
    ],
)
def test_the_number_that_works_now_comes_first(query: str, at: datetime, expected: list[str]) -> None:
    answer = look_up(MAASHORST, query, at)
    assert keys(answer) == expected
    assert answer.contacts[0].open


@pytest.mark.parametrize(
    ("query", "danger"),
    [
        ("wie bel ik bij gevaar", True),
        ("ze wordt nu geslagen wie bel ik", True),
        ("nummer avim, geen gevaar", False),
        ("er is geen direct gevaar, nummer avim", False),
        ("nummer avim", False),
        ("huiselijk geweld", False),
        ("112", False),
    ],
)
def test_112_is_in_sight_when_danger_is_mentioned(query: str, danger: bool) -> None:
    answer = look_up(MAASHORST, query, BY_DAY)
    assert answer.danger == danger
    assert not danger or keys(answer)[0] == "112"


@pytest.mark.parametrize(("query", "exact"), [("avim", True), ("gevaar", True), ("", True), ("fietsenmaker", False)])
def test_a_guess_says_that_it_is_one(query: str, exact: bool) -> None:
    assert look_up(MAASHORST, query, BY_DAY).exact == exact


@pytest.mark.parametrize("query", ["om", "OM", "het OM", "nummer OM", "af", "AF", "mo"])
def test_short_names_that_are_words_are_found_when_asked_for(query: str) -> None:
    assert look_up(MAASHORST, query, BY_DAY).exact


def test_a_word_that_is_also_an_abbreviation_does_not_win_from_what_is_meant() -> None:
    assert keys(look_up(MAASHORST, "wie bel ik om opvang te regelen", BY_DAY)) == ["zoco"]


@pytest.mark.parametrize("query", ["0900-8844", "0900 8844", "van wie is 09008844"])
def test_somebody_can_ask_whose_number_it_is(query: str) -> None:
    assert keys(look_up(MAASHORST, query, BY_DAY)) == ["politie"]


@pytest.mark.parametrize(
    ("query", "at", "reason"),
    [
        ("avim", BY_DAY, "Nu bereikbaar, tot 16.30 uur."),
        ("avim", BY_NIGHT, "Nu gesloten. Weer bereikbaar vanaf morgen 08.00 uur."),
        ("avim", CHRISTMAS, "Nu gesloten (Eerste kerstdag). Weer bereikbaar vanaf maandag 28 december 08.00 uur."),
        ("veilig thuis", CHRISTMAS, "Dag en nacht bereikbaar."),
        ("kmar", BY_DAY, "De openingstijden zijn niet bekend."),
        ("riec", BY_DAY, "Er is geen nummer. De AF vraagt het nummer"),
        ("zoco", BY_DAY, "Let op: dit nummer is niet bevestigd."),
    ],
)
def test_the_reason_says_what_is_so_and_from_when(query: str, at: datetime, reason: str) -> None:
    assert reason in look_up(MAASHORST, query, at).contacts[-1].reason


def test_the_stand_in_says_for_whom_it_stands_in() -> None:
    politie, avim = look_up(MAASHORST, "avim", BY_NIGHT).contacts
    assert politie.reason.startswith("AVIM Oost-Brabant is nu gesloten. Bel dit nummer.")
    assert (politie.number, politie.open, politie.until) == ("0900-8844", True, None)
    assert (avim.number, avim.open) == ("088-9630320", False)
    assert avim.until == datetime(2026, 11, 25, 7, tzinfo=UTC)


def test_a_contact_knows_its_link() -> None:
    contact = look_up(MAASHORST, "avim", BY_DAY).contacts[0]
    assert contact.phone is not None
    assert contact.phone.dialable == "tel:+31889630320"
    assert look_up(MAASHORST, "riec", BY_DAY).contacts[0].phone is None


@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT, CHRISTMAS])
@pytest.mark.parametrize("directory", [MAASHORST, EERSEL, EMERGENCY], ids=["maashorst", "eersel", "emergency"])
def test_every_partner_is_found_by_key_and_by_name(directory: Directory, at: datetime) -> None:
    for partner in directory:
        assert keys(look_up(directory, partner.key, at))[-1] == partner.key
        assert partner.key in keys(look_up(directory, partner.name, at))


@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT, CHRISTMAS])
def test_the_overview_names_everybody_once(at: datetime) -> None:
    shown = [contact.partner.key for contact in MAASHORST.overview(at)]
    assert sorted(shown) == sorted(partner.key for partner in MAASHORST)
    if at != BY_DAY:
        assert shown.index("politie") < shown.index("avim")


@pytest.mark.parametrize("query", ["avim " * 10_000, "x" * 100_000, "\x00\ud800", "%s {0} <b>"])
def test_odd_questions_get_an_answer_too(query: str) -> None:
    assert look_up(MAASHORST, query, BY_DAY).contacts
