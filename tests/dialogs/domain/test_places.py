"""Two ways of writing one address or one company are the same place, and two places are never one."""

import pytest

from dialogs.domain.places import address_forms, company_form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Marktstraat 12, 5401 AB", "5401 AB 12"),
        ("5401AB 12", "5401 AB 12"),
        ("5401 ab, 12", "5401 AB 12"),
        ("marktstraat 12a\n5401 AB", "5401 AB 12"),
        ("Marktstraat 12-3 5401AB", "5401 AB 12"),
        ("Marktstraat 12 bis, 5401 AB", "5401 AB 12"),
        ("Plein 1944 7, 6511 JB Nijmegen", "6511 JB 7"),
        ("op 5401 AB 012 in Uden", "5401 AB 12"),
        ("Loods achter 5401 AB", None),
        ("Marktstraat 12, 5401 SS", None),
        ("1234567 AB 12", None),
        ("", None),
    ],
)
def test_an_address_is_its_postcode_and_number(written: str, form: str | None) -> None:
    assert address_forms(written) == ((form,) if form else ())


@pytest.mark.parametrize(
    "written",
    [
        "Dorpsstraat 12, Uden",
        "dorpsstr. 12 uden",
        "Dorps straat 12a,\nUDEN.",
        "Dorpsstraat 12 - 3 Uden",
        "dorpsstr 12, 5401 AB Uden",
    ],
)
def test_in_a_town_of_the_municipality_street_and_number_are_enough(written: str) -> None:
    assert "uden dorpsstraat 12" in address_forms(written)


@pytest.mark.parametrize(
    "written",
    [
        "Dorpsstraat 12",
        "Dorpsstraat, Uden",
        "12, Uden",
        "Dorpsstraat 12, achter de loods",
        "Dorpsstraat 12, Helmond",
        "Dorpsstraat 12 Uden of Volkel 3",
    ],
)
def test_without_a_number_or_a_known_town_it_is_not_known_which_street_is_meant(written: str) -> None:
    assert address_forms(written) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dorpsstraat 12, Uden", "Dorpsstraat 12, Volkel"),
        ("Dorpsstraat 12, Uden", "Dorpsstraat 1, Uden"),
        ("Dorpsstraat 12, Uden", "Dorpsweg 12, Uden"),
        ("Plein 1944 7, Uden", "Plein 1945 7, Uden"),
    ],
)
def test_other_houses_stay_apart(one: str, other: str) -> None:
    assert address_forms(one)
    assert not set(address_forms(one)) & set(address_forms(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jansen Vlees B.V.", "jansen vlees"),
        ("JANSEN VLEES BV", "Jansen Vlees b.v"),
        ("V.O.F. De Gouden Draak", "De Gouden Draak vof"),
        ("Café 't Hoekje", "CAFE T HOEKJE"),
        ("Coöperatie Uitzend U.A.", "Uitzend"),
        ("Müller-Reinigung GmbH", "Muller Reinigung"),
        ("Agro Pol Sp. z o.o.", "Agro-Pol"),
        ("Eenmanszaak Piet Bakker", "Piet  Bakker"),
    ],
)
def test_a_company_is_its_name_without_the_legal_form(one: str, other: str) -> None:
    assert company_form(one) == company_form(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jansen Vlees", "Jansen Vis"),
        ("De Gouden Draak", "De Groene Draak"),
        ("Stichting Hulp", "Stichting Zorg"),
    ],
)
def test_other_companies_stay_apart(one: str, other: str) -> None:
    assert company_form(one) != company_form(other)


@pytest.mark.parametrize(("written", "form"), [("B.V.", "bv"), ("", None), (" - ", None)])
def test_a_name_that_is_all_legal_form_is_kept(written: str, form: str | None) -> None:
    assert company_form(written) == form
