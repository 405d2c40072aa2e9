"""Who can be called: the directory of one municipality, read from its file and asked in plain words."""

from dialogs.domain.partners.answer import Contact, LookUp
from dialogs.domain.partners.directory import Directory
from dialogs.domain.partners.file import DirectoryInvalid, parse_directory
from dialogs.domain.partners.partner import Kind, Partner, PhoneNumber, Step

__all__ = [
    "Contact",
    "Directory",
    "DirectoryInvalid",
    "Kind",
    "LookUp",
    "Partner",
    "PhoneNumber",
    "Step",
    "parse_directory",
]
