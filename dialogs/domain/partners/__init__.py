"""Who can be called: the directory of one municipality, read from its file and asked in plain words."""

from dialogs.domain.partners.answer import Contact, LookUp, hours_in_words
from dialogs.domain.partners.directory import Directory
from dialogs.domain.partners.entry import Entry, EntryInvalid, read_entry
from dialogs.domain.partners.file import DirectoryFile, DirectoryInvalid, parse_directory, read_file
from dialogs.domain.partners.freshness import digest, due
from dialogs.domain.partners.overlay import Change, LaidOver, PartnerEdit, PartnerRemark, lay_over
from dialogs.domain.partners.partner import Kind, Partner, PhoneNumber, Step

__all__ = [
    "Change",
    "Contact",
    "Directory",
    "DirectoryFile",
    "DirectoryInvalid",
    "Entry",
    "EntryInvalid",
    "Kind",
    "LaidOver",
    "LookUp",
    "Partner",
    "PartnerEdit",
    "PartnerRemark",
    "PhoneNumber",
    "Step",
    "digest",
    "due",
    "hours_in_words",
    "lay_over",
    "parse_directory",
    "read_entry",
    "read_file",
]
