"""Find phone numbers in a text, Dutch unless a country code says otherwise."""

import phonenumbers


def find_phone_numbers(text: str) -> tuple[tuple[int, int], ...]:
    """Return where (start, end) a valid phone number stands."""
    if not any(letter.isdigit() for letter in text):
        return ()
    return tuple((found.start, found.end) for found in phonenumbers.PhoneNumberMatcher(text, "NL"))
