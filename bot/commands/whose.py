"""Whose data a command works on: the municipality's, as the environment says, or the try-out's."""

from bot.settings import Settings, read_settings


def settings_of(*, local: bool) -> Settings:
    """The settings of the try-out, with its data in var/, or those of the environment. Raises SettingsInvalid."""
    if not local:
        return read_settings()
    from bot.local.settings import local_settings  # noqa: PLC0415 - a bot in production never loads bot/local

    return local_settings()
