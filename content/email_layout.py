"""The page around an email: header with a brand, a column of 580 pixels, a footer. Our own design, built of tables."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import quote

BrandStyle = Literal["govuk", "org", "both", "org_banner"]

_FONT: Final = "font-family: Helvetica, Arial, sans-serif;"
_TEXT: Final = f"{_FONT} font-size: 19px; line-height: 25px; color: #0b0c0c;"

#: A style attribute per tag of an email's body.
STYLES: Final = {
    tag: f' style="{style}"'
    for tag, style in {
        "p": f"margin: 0 0 20px 0; {_TEXT}",
        "h2": f"margin: 15px 0 15px 0; padding: 10px 0 0 0; {_FONT} font-size: 27px; line-height: 35px; "
        "font-weight: bold; color: #0b0c0c;",
        "h3": f"margin: 10px 0 15px 0; padding: 5px 0 0 0; {_FONT} font-size: 19px; line-height: 25px; "
        "font-weight: bold; color: #0b0c0c;",
        "hr": "border: 0; height: 1px; background: #b1b4b6; margin: 30px 0 30px 0;",
        "ul": "margin: 0 0 20px 0; padding: 0 0 0 20px; list-style-type: disc;",
        "ol": "margin: 0 0 20px 0; padding: 0 0 0 20px; list-style-type: decimal;",
        "li": f"margin: 5px 0 5px 0; padding: 0 0 0 5px; {_TEXT}",
        "blockquote": f"margin: 0 0 20px 0; padding: 15px 0 0.1px 15px; border-left: 10px solid #b1b4b6; {_TEXT}",
        "a": "word-wrap: break-word; color: #1d70b8;",
    }.items()
}


@dataclass(frozen=True, slots=True)
class EmailBranding:
    """How the top of an email looks.

    ``govuk``: the platform's plain banner. ``org``: the organisation's logo on white with a coloured line. ``both``:
    the banner, then the logo. ``org_banner``: the logo on a band of the organisation's colour. Exactly one of ``text``
    (shown beside the logo) and ``alt`` (spoken instead of it) should be given. A colour that is not ``#rrggbb`` and a
    logo that is not an http(s) or cid address are ignored.
    """

    style: str = "govuk"
    logo_url: str | None = None
    colour: str = "#1d70b8"
    text: str = ""
    alt: str = ""
    #: What the platform's own banner says.
    platform: str = "Notify"


def lay_out(body: str, *, title: str, preheader: str, brand: EmailBranding, footer: str) -> str:
    """A whole HTML document. ``body``, ``title``, ``preheader`` and ``footer`` must be safe HTML already."""
    top, middle = _frame(brand)
    hidden = f'<div style="{_HIDDEN}">{preheader}</div>' if preheader else ""
    foot = f"<tr><td{_FOOTER}>{footer}</td></tr>" if footer else ""
    return f"{_HEAD}{title}{top}{hidden}{middle}{body}{_AFTER_BODY}{foot}{_END}"


_HIDDEN: Final = "display: none; font-size: 1px; line-height: 1px; max-height: 0; max-width: 0; opacity: 0; overflow: hidden;"
_FOOTER: Final = (
    f' style="padding: 20px 10px 30px 10px; border-top: 1px solid #b1b4b6; {_FONT} '
    'font-size: 16px; line-height: 22px; color: #505a5f;"'
)
_HEAD: Final = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="format-detection" content="telephone=no"><title>'
)
_TABLE: Final = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
_COLUMN: Final = f'{_TABLE} style="max-width: 580px; border-collapse: collapse;"'
_AFTER_BODY: Final = "</td></tr>"
_END: Final = "</table></td></tr></table></body></html>"


@lru_cache(maxsize=256)
def _frame(brand: EmailBranding) -> tuple[str, str]:
    """What stands between title and preheader, and between preheader and body."""
    top = '</title></head><body style="margin: 0; padding: 0; background: #ffffff;">'
    middle = (
        f'{_header(brand)}{_TABLE}><tr><td align="center">{_COLUMN}><tr><td align="left" '
        f'style="padding: 30px 10px 10px 10px; {_TEXT}">'
    )
    return top, middle


def _header(brand: EmailBranding) -> str:
    colour = brand.colour if re.fullmatch(r"#[0-9a-fA-F]{6}", brand.colour) else "#1d70b8"
    banner = _band("#0b0c0c", "#ffffff", _word(html.escape(brand.platform), "#ffffff"))
    ink = _ink_on(colour) if brand.style == "org_banner" else "#0b0c0c"
    logo = _logo(brand, ink)
    if brand.style == "org_banner" and logo:
        return _band(colour, ink, logo)
    if brand.style == "org" and logo:
        return _band("#ffffff", "#0b0c0c", logo, line=colour)
    if brand.style == "both" and logo:
        return banner + _band("#ffffff", "#0b0c0c", logo, line=colour)
    return banner


def _band(background: str, ink: str, inner: str, *, line: str = "") -> str:
    rule = f" border-bottom: 2px solid {line};" if line else ""
    return (
        f'{_TABLE} bgcolor="{background}" style="background: {background};"><tr><td align="center">{_COLUMN}><tr>'
        f'<td align="left" style="padding: 15px 10px 15px 10px; color: {ink};{rule} {_FONT}">{inner}</td></tr></table>'
        "</td></tr></table>"
    )


def _word(text: str, ink: str) -> str:
    return f'<span style="{_FONT} font-size: 24px; line-height: 32px; font-weight: bold; color: {ink};">{text}</span>'


def _ink_on(colour: str) -> str:
    """White or black, whichever can be read on the colour (WCAG's relative luminance)."""
    channels = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else "#0b0c0c"


def _logo(brand: EmailBranding, ink: str) -> str:
    picture = ""
    if brand.logo_url and re.match(r"(?:https?:|cid:|/)", brand.logo_url):
        address = quote(brand.logo_url, safe=":/?#=&;%@+,~").replace("&", "&amp;")
        spoken = html.escape(brand.alt)
        style = "display: inline-block; height: 40px; border: 0; vertical-align: middle;"
        picture = f'<img src="{address}" alt="{spoken}" height="40" style="{style}">'
    words = _word(html.escape(brand.text), ink) if brand.text else ""
    if not picture and not words:
        words = _word(html.escape(brand.alt), ink) if brand.alt else ""
    return f"{picture}&nbsp;&nbsp;{words}" if picture and words else picture + words
