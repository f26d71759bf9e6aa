"""Rules about brands that need no database."""

from branding import colour
from notify.lib.refusals import Reason


def words_problems(text: str, alt_text: str) -> list[Reason]:
    """A logo needs words beside it or a description instead of it, never both (reference: web-ui §18.3)."""
    if text and alt_text:
        return [Reason("both", "Enter either the text beside the logo or a description of the logo, not both", "alt_text")]
    if not text and not alt_text:
        return [Reason("words", "Describe the logo for people who cannot see it, or enter the text beside it", "alt_text")]
    if "logo" in alt_text.lower().split():
        return [Reason("logo", "Leave out the word ‘logo’: say whose it is, like ‘Department for Example’", "alt_text")]
    return []


def clean_colour(text: str, *, required: bool) -> tuple[str, list[Reason]]:
    """A colour as it is stored, and what is wrong with it."""
    if not text.strip():
        return "", [Reason("colour", "Enter a colour for the banner, like #1d70b8", "colour")] if required else []
    try:
        return colour.normalise(text), []
    except ValueError as error:
        return "", [Reason("colour", str(error), "colour")]
