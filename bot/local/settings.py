"""The settings of the try-out: its own people and data, and the rest from the environment as always."""

from pathlib import Path

from bot.local.attach import service_url
from bot.local.people import APP_ID, TENANT_ID, Role, names_of
from bot.settings import Settings, read_settings

DATA = Path("var")


def local_settings(data: Path = DATA, port: int | None = None) -> Settings:
    """The settings with the data in this folder, on this port or that of the environment. Raises SettingsInvalid."""
    given = {} if port is None else {"port": port}
    settings = read_settings(
        local=True,
        host="127.0.0.1",
        app_id=APP_ID,
        tenant_id=TENANT_ID,
        database_url=f"sqlite:///{data / 'meldroute.db'}",
        key_file=data / "content.key",
        focal_officers=names_of(Role.OFFICER),
        administrators=names_of(Role.ADMINISTRATOR),
        **given,
    )
    return settings.model_copy(update={"service_url": service_url(settings.port)})
