"""Numbers of people's own phones."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

# A code by text must not ring up money for somebody, nor go where nobody reads.
_REFUSED = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
    PhoneNumberType.FIXED_LINE,
}


def read_mobile(typed: str) -> str:
    """A mobile number of any country in E.164; refuses others with ValueError, in words for the person."""
    try:
        number = phonenumbers.parse(typed, "GB")
    except NumberParseException:
        raise ValueError("Enter a mobile number, like 07700 900 123 or +44 7700 900 123") from None
    # "Possible" lets new ranges in that the library does not know yet, and those kept for examples.
    if not phonenumbers.is_possible_number(number):
        raise ValueError("Enter a real mobile number, with its country code if it is not from the UK")
    if phonenumbers.number_type(number) in _REFUSED:
        raise ValueError("Enter the number of a mobile phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
