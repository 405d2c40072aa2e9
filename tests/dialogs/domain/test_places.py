"""Two ways of writing one address or one company are the same place, and two places are never one."""

import pytest

from dialogs.domain.places import address_form, company_form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Marktstraat 12, 5401 AB Uden", "5401 AB 12"),
        ("5401AB 12", "5401 AB 12"),
        ("5401 ab, 12", "5401 AB 12"),
        ("marktstraat 12a\n5401 AB UDEN", "5401 AB 12"),
        ("Marktstraat 12-3 5401AB", "5401 AB 12"),
        ("Marktstraat 12 bis, 5401 AB", "5401 AB 12"),
        ("Plein 1944 7, 6511 JB Nijmegen", "6511 JB 7"),
        ("op 5401 AB 012 in Uden", "5401 AB 12"),
        ("Loods achter 5401 AB", None),
        ("Marktstraat 12, Uden", None),
        ("Marktstraat 12, 5401 SS", None),
        ("1234567 AB 12", None),
        ("", None),
    ],
)
def test_an_address_is_its_postcode_and_number(written: str, form: str | None) -> None:
    assert address_form(written) == form


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
