"""The people of the try-out: everything that somebody can do can be tried by one of them."""

from pathlib import Path

from bot.local.settings import local_settings
from tests.bot.local.conftest import ANNA, BAS, KIM


def test_the_try_out_has_officers_and_an_administrator_who_is_none(tmp_path: Path) -> None:
    settings = local_settings(tmp_path)

    assert set(settings.focal_officers) == {ANNA.object_id, BAS.object_id}
    assert set(settings.administrators) == {KIM.object_id}
