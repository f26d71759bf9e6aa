"""Colours of brands: hex codes and contrast (WCAG 2.2, relative luminance)."""

import re

WHITE, BLACK = "#ffffff", "#0b0c0c"
# WCAG 1.4.3 for text, 1.4.11 for graphics.
TEXT_CONTRAST, GRAPHICS_CONTRAST = 4.5, 3.0
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def normalise(text: str) -> str:
    """`#rrggbb` in lower case from 3 or 6 hex digits with or without the mark; refuses anything else with ValueError."""
    match = _HEX.fullmatch(text.strip())
    if not match:
        raise ValueError("Enter a hex colour code, like #1d70b8")
    digits = match[1].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def luminance(red: int, green: int, blue: int) -> float:
    """How bright a colour looks, from 0 to 1."""

    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def rgb(colour: str) -> tuple[int, int, int]:
    digits = normalise(colour)[1:]
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def ratio(first: float, second: float) -> float:
    """The contrast of two luminances, from 1 to 21."""
    lighter, darker = max(first, second), min(first, second)
    return (lighter + 0.05) / (darker + 0.05)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    return ratio(luminance(*rgb(first)), luminance(*rgb(second)))


def readable_on(background: str) -> str:
    """White or black, whichever can be read better on a background."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, background))
