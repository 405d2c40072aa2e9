from datetime import date, datetime
from importlib import resources

import pytest

from dialogs.domain.criteria import Form
from dialogs.domain.opening_hours import AMSTERDAM
from dialogs.domain.partners import Directory, DirectoryInvalid, parse_directory
from dialogs.domain.partners.partner import national
from dialogs.lookup import EMERGENCY

MUNICIPALITIES = ("maashorst", "eersel")
KEYS = {
    *("112", "avim", "politie", "zoco", "nla", "kmar", "ind", "belastingdienst", "om", "ketenregisseur", "riec"),
    *("wijkagent", "veilig_thuis", "comensha", "mma", "af"),
}
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=AMSTERDAM)
CHRISTMAS_NIGHT = datetime(2026, 12, 25, 3, tzinfo=AMSTERDAM)

#: A third municipality: a file, no code. `{0}` takes what a test adds.
OTHER = """\
municipality: Uden aan Zee
partners:
  - key: "112"
    name: Alarmnummer
    role: Bij direct gevaar.
    numbers: [{number: "112", hours: 24/7}]
    source: eigen lijst
  - key: steunpunt
    name: Steunpunt Zee
    role: Als je wilt overleggen.
    numbers:
      - number: 0113-123456
        hours: {ma-do: "09:00-12:00, 13:00-17:00", za: 10:00-12:00}
        exceptions: {2026-12-24: 09:00-12:00, 2026-12-31: gesloten}
    source: eigen lijst
    checked_on: 2026-11-01
    checked_by: beheerder
    stand_in: "112"
"""


def shipped(municipality: str) -> Directory:
    return parse_directory(
        resources.files("dialogs").joinpath("data", "partners", f"{municipality}.yaml").read_text("utf-8")
    )


def changed(before: str, after: str) -> str:
    assert before in OTHER
    return OTHER.replace(before, after, 1)


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_every_partner_of_the_policy_is_in_the_shipped_files(municipality: str) -> None:
    directory = shipped(municipality)
    assert directory.municipality.casefold() == municipality
    assert {partner.key for partner in directory} >= KEYS


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_a_partner_without_a_sure_number_says_who_must_supply_it(municipality: str) -> None:
    for partner in shipped(municipality):
        contact = shipped(municipality).find(partner.key, TUESDAY).contacts[0]
        if not partner.numbers:
            assert contact.number is None
            assert not contact.open
            assert partner.missing in contact.reason
        if any(not number.confirmed for number in partner.numbers):
            assert "niet bevestigd" in contact.reason
            assert partner.missing in contact.reason


#: Numbers of the policy and of domain.md; whatever else a file would hold was invented.
SOURCED = {
    *("112", "088-9630320", "0900-8844", "0800-5151", "070-3334180"),
    *("0800-1814", "088-0430430", "033-4481186", "0800-2000", "0800-7000"),
}


@pytest.mark.parametrize(("municipality", "zoco"), [("maashorst", "073-6139225"), ("eersel", "040-2193388")])
def test_no_number_is_in_a_file_that_is_not_in_the_sources(municipality: str, zoco: str) -> None:
    directory = shipped(municipality)
    assert {number.number for partner in directory for number in partner.numbers} == SOURCED | {zoco}
    assert [number.number for number in directory["zoco"].numbers] == [zoco]
    assert directory["zoco"].numbers[0].confirmed == (municipality == "eersel")


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
def test_nobody_claims_to_have_checked_a_shipped_number(municipality: str) -> None:
    assert [partner.key for partner in shipped(municipality) if partner.checked_on or partner.checked_by] == []


@pytest.mark.parametrize("municipality", MUNICIPALITIES)
@pytest.mark.parametrize(
    ("form", "order"),
    [
        (Form.SU, ["avim", "zoco"]),
        (Form.CU, ["avim", "zoco"]),
        (Form.OV, ["avim", "zoco"]),
        (Form.AU, ["nla", "zoco", "avim"]),
    ],
)
def test_the_route_of_a_form_is_the_policys(municipality: str, form: Form, order: list[str]) -> None:
    steps = [
        (step.order, partner.key) for partner in shipped(municipality) for step in partner.route if step.form is form
    ]
    assert [key for _, key in sorted(steps)] == order


@pytest.mark.parametrize(
    ("written", "number", "link"),
    [
        ("112", "112", "tel:112"),
        ("116123", "116123", "tel:116123"),
        ("0900 8844", "0900-8844", "tel:09008844"),
        ("08005151", "0800-5151", "tel:08005151"),
        ("+31 88 963 0320", "088-9630320", "tel:+31889630320"),
        ("040 219 33 88", "040-2193388", "tel:+31402193388"),
        ("0413 281911", "0413-281911", "tel:+31413281911"),
        ("06 12345678", "06-12345678", "tel:+31612345678"),
        ("140413", "14 0413", "tel:140413"),
    ],
)
def test_a_number_is_shown_as_dutch_people_write_it(written: str, number: str, link: str) -> None:
    assert national(written) == (number, link)


@pytest.mark.parametrize("written", ["088-963032", "0000", "bel mij", "", "+32 2 123 45 67", "144"])
def test_what_is_no_dutch_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="phone number"):
        national(written)


def test_a_third_municipality_needs_no_code() -> None:
    directory = parse_directory(OTHER)
    partner = directory["steunpunt"]
    assert (directory.municipality, len(directory)) == ("Uden aan Zee", 2)
    assert (partner.checked_on, partner.checked_by) == (date(2026, 11, 1), "beheerder")
    contact = directory.find("steunpunt zee", TUESDAY).contacts[0]
    assert (contact.number, contact.open, contact.until) == (
        "0113-123456",
        True,
        datetime(2026, 11, 24, 12, tzinfo=AMSTERDAM),
    )


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 11, 24, 12, 30, tzinfo=AMSTERDAM), False),
        (datetime(2026, 11, 27, 10, 0, tzinfo=AMSTERDAM), False),
        (datetime(2026, 11, 28, 10, 0, tzinfo=AMSTERDAM), True),
        (datetime(2026, 12, 24, 11, 0, tzinfo=AMSTERDAM), True),
        (datetime(2026, 12, 24, 14, 0, tzinfo=AMSTERDAM), False),
        (datetime(2026, 12, 31, 10, 0, tzinfo=AMSTERDAM), False),
    ],
)
def test_days_breaks_and_exceptions_are_read(moment: datetime, is_open: bool) -> None:
    contacts = parse_directory(OTHER).find("steunpunt", moment).contacts
    assert [contact.open for contact in contacts] == ([True] if is_open else [True, False])


def test_a_municipality_may_keep_a_holiday_as_an_ordinary_day() -> None:
    open_then = parse_directory(changed("partners:", "ordinary_days: [Tweede paasdag]\npartners:"))
    easter_monday = datetime(2026, 4, 6, 10, tzinfo=AMSTERDAM)
    assert open_then.find("steunpunt", easter_monday).contacts[0].partner.key == "steunpunt"
    assert parse_directory(OTHER).find("steunpunt", easter_monday).contacts[0].partner.key == "112"


@pytest.mark.parametrize(
    ("before", "after", "part", "says"),
    [
        ("key: steunpunt", 'key: "112"', 'key: "112"\n', "already on line 3"),
        ('stand_in: "112"', "stand_in: iemand", "stand_in", "iemand is nobody else"),
        ('stand_in: "112"', "stand_in: steunpunt", "stand_in", "steunpunt is nobody else"),
        ("ma-do:", "ma-zo:", "hours: {ma-zo", "za stands twice"),
        ("ma-do:", "do-ma:", "hours: {do-ma", "write days as"),
        ("ma-do:", "maandag:", "hours: {maandag", "write days as"),
        ("09:00-12:00, 13", "12:00-09:00, 13", "hours: {ma-do", "starts before it ends"),
        ("09:00-12:00, 13", "09:00-25:00, 13", "hours: {ma-do", "between 00:00 and 24:00"),
        ("09:00-12:00, 13", "9-12, 13", "hours: {ma-do", "write a time as"),
        ("09:00-12:00, 13", "09:00-14:00, 13", "hours: {ma-do", "do not touch"),
        ("2026-12-31: gesloten", "2026-12-31: dicht", "exceptions", "write a time as"),
        ("2026-12-31: gesloten", "oudjaar: gesloten", "exceptions", "oudjaar"),
        ('hours: {ma-do: "09:00-12:00, 13:00-17:00", za: 10:00-12:00}', "hours: altijd", "hours: altijd", "by day"),
        ("number: 0113-123456", "number: 0113-12345", "number: 0113-12345", "no Dutch phone number"),
        ("number: 0113-123456", "number: 112", "number: 112\n", "string"),
        ("    checked_by: beheerder\n", "", "key: steunpunt", "both checked_on and checked_by"),
        ("    role: Als je wilt overleggen.\n", "", "key: steunpunt", "role: Field required"),
        ("    source: eigen lijst\n    checked", "    bron: eigen lijst\n    checked", "key: steunpunt", "source"),
        ('stand_in: "112"', "mail: geen", "mail", "mail"),
        ('stand_in: "112"', "site: www.zee.nl", "site", "site"),
        ('stand_in: "112"', "route: {XX: {order: 1}}", "route", "XX"),
        ("partners:", "ordinary_days: [Sinterklaas]\npartners:", "ordinary_days", "Sinterklaas: no holiday"),
        ("municipality: Uden aan Zee", "municipality: ''", "municipality", "municipality"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(before: str, after: str, part: str, says: str) -> None:
    text = changed(before, after)
    with pytest.raises(DirectoryInvalid) as invalid:
        parse_directory(text)
    lines = [number for number, line in enumerate(f"{text}\n".splitlines(keepends=True), start=1) if part in line]
    assert any(fault.startswith(f"line {lines[-1]}:") and says in fault for fault in invalid.value.faults), (
        invalid.value
    )


def test_all_faults_are_told_at_once() -> None:
    text = changed("0113-123456", "0113").replace("checked_on: 2026-11-01", "checked_on: gisteren")
    with pytest.raises(DirectoryInvalid) as invalid:
        parse_directory(text)
    assert len(invalid.value.faults) == 2


def test_a_partner_without_number_must_say_who_supplies_it() -> None:
    text = OTHER[: OTHER.index("    numbers:\n")] + "    source: eigen lijst\n"
    with pytest.raises(DirectoryInvalid, match="line 8: steunpunt must say in `missing`"):
        parse_directory(text)


def test_a_directory_without_112_is_refused() -> None:
    with pytest.raises(DirectoryInvalid, match="112 is missing"):
        parse_directory(changed('key: "112"', "key: alarm").replace('stand_in: "112"', "stand_in: alarm"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("partners: [", "no YAML"),
        ("", "file: "),
        ("municipality: A\nmunicipality: B\npartners: []", "line 2: the key municipality stands twice"),
        ("a: &a [x]\nb: *a", "line 2: \\*a: write it out"),
        ("a: &a [*a]", "line 1: \\*a: write it out"),
        ("\x00", "no YAML"),
    ],
)
def test_what_is_no_directory_at_all_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(DirectoryInvalid, match=says):
        parse_directory(text)


def test_the_built_in_emergency_numbers_answer_at_christmas_night() -> None:
    contacts = EMERGENCY.overview(CHRISTMAS_NIGHT)
    assert [(contact.number, contact.open) for contact in contacts] == [
        ("112", True),
        ("0900-8844", True),
        ("0800-2000", True),
    ]
