"""What people type when they want to add something, to withdraw, or to report for somebody else."""

import pytest

from dialogs.requests import Request, Wish, request_in


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ("aanvullen", Request(Wish.ADD)),
        ("Aanvullen.", Request(Wish.ADD)),
        ("aanvulen", Request(Wish.ADD)),
        ("ik wil iets toevoegen", Request(Wish.ADD)),
        ("aanvullen S-2026-0012", Request(Wish.ADD, "S-2026-0012")),
        ("s 2026 12 aanvullen", Request(Wish.ADD, "S-2026-0012")),
        ("aanvullen: het busje staat er weer", Request(Wish.ADD, "", "het busje staat er weer")),
        ("Aanvulling 2026-0003: Ze was er\nweer", Request(Wish.ADD, "S-2026-0003", "Ze was er\nweer")),
        ("aanvullen het was op 2026-11-23 rond drie uur", Request(Wish.ADD, "", "het was op 2026-11-23 rond drie uur")),
        ("aanvullen 2026-11-23 was ze er", Request(Wish.ADD, "", "2026-11-23 was ze er")),
        ("intrekken", Request(Wish.WITHDRAW)),
        ("ik wil mijn melding intrekken", Request(Wish.WITHDRAW)),
        ("intreken s-2026-0002", Request(Wish.WITHDRAW, "S-2026-0002")),
        ("invoeren", Request(Wish.REPORT_FOR_OTHERS)),
        ("signaal invoeren", Request(Wish.REPORT_FOR_OTHERS)),
        ("invoeren mail, Burgerzaken", Request(Wish.REPORT_FOR_OTHERS, "", "mail, Burgerzaken")),
        ("S-2026-0001", Request(Wish.READ, "S-2026-0001")),
        ("open s 2026 1", Request(Wish.READ, "S-2026-0001")),
        ("geen herinneringen meer!", Request(Wish.NO_NUDGES)),
        ("weer herineringen", Request(Wish.NUDGES)),
        ("herinneringen", Request(Wish.SET_NUDGES)),
    ],
)
def test_a_request_is_read(said: str, request_: Request) -> None:
    assert request_in(said) == request_


@pytest.mark.parametrize(
    "said",
    ["", "melden", "annuleren", "uitvoeren", "de baas wil zijn vergunning intrekken", "vullen", "😟"],
)
def test_anything_else_is_no_request(said: str) -> None:
    assert request_in(said) is None
