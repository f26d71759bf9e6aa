"""What people upload as a logo, checked for what it is and made anew.

Nothing that was sent is ever kept: a PNG is decoded and written again, an SVG is rebuilt from an allow-list of shapes,
run through svg-hush, and shown to people only as the PNG that typst makes from it.
"""

import io
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import cast

import py_svg_hush
import typst
from django.core.files import File
from PIL import Image

from branding.colour import GRAPHICS_CONTRAST, luminance, ratio, rgb
from notify.lib.refusals import ActionRefused, Reason

# reference: web-ui §18.2
MAX_BYTES = 2 * 1024 * 1024
MIN_HEIGHT = 108
MAX_WIDTH = 640
# Decoded before it is scaled: 3,000 × 3,000 pixels are 36 MB of memory, more is a bomb or a mistake.
MAX_PIXELS_A_SIDE = 3_000
# The logo of an email is shown at most this high, so more pixels are only weight.
MAX_HEIGHT = 400
MAX_SVG_ELEMENTS = 5_000
MAX_SVG_DEPTH = 50

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_SHAPES = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "defs",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
    ]
)
_IGNORED = frozenset({"title", "desc", "metadata"})
_SENTENCES = {
    "script": "The SVG contains a script. Save it again without scripts",
    "foreignObject": "The SVG contains parts of a web page. Save it again with shapes only",
    "image": "The SVG contains a picture inside. Save it again with shapes only",
    "text": "The SVG contains text. Convert the text to outlines (paths) and save it again",
    "tspan": "The SVG contains text. Convert the text to outlines (paths) and save it again",
    "style": "The SVG contains a style sheet. Save it again with ‘presentation attributes’ instead of CSS",
    "use": "The SVG contains references between its parts. Expand or flatten them and save it again",
}


@dataclass(frozen=True)
class EmailLogo:
    """A logo that is safe to serve and to send."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True)
class LetterLogo:
    """A logo for letters: the rebuilt SVG for the letter engine, and a PNG for people."""

    svg: bytes
    preview: bytes


def email_logo(data: bytes) -> EmailLogo:
    """A PNG or SVG made ready for emails: at most 640 pixels wide, at least 108 high.

    Refuses (ActionRefused, field `logo`) files over 2 MB, other formats, broken or hidden contents, pictures that are too
    small or too large, and SVGs with anything but shapes.
    """
    _check_size(data)
    if data.startswith(_PNG):
        return _finish(_decoded(data))
    if _looks_like_svg(data):
        return _finish(_opened(svg_to_png(rebuilt_svg(data), height=2 * MIN_HEIGHT)))
    raise _refused("format", "The logo must be a PNG or SVG file")


def letter_logo(data: bytes) -> LetterLogo:
    """An SVG made ready for letters. Refuses what `email_logo` refuses, and every other format."""
    _check_size(data)
    if not _looks_like_svg(data):
        raise _refused("format", "The logo for letters must be an SVG file")
    svg = rebuilt_svg(data)
    return LetterLogo(svg, svg_to_png(svg, height=2 * MIN_HEIGHT))


def visible_share(png: bytes, background: str) -> float:
    """Which share of a logo's pixels stands out from a background colour (contrast 3:1 or more), from 0 to 1."""
    picture = _opened(png).convert("RGBA")
    picture.thumbnail((128, 128))
    behind = luminance(*rgb(background))
    data = cast("Iterable[tuple[int, int, int, int]]", picture.get_flattened_data())
    pixels = [pixel for pixel in data if pixel[3] > 127]
    if not pixels:
        return 0.0
    standing_out = sum(ratio(luminance(*pixel[:3]), behind) >= GRAPHICS_CONTRAST for pixel in pixels)
    return standing_out / len(pixels)


def _refused(code: str, message: str) -> ActionRefused:
    return ActionRefused(Reason(code, message, "logo"))


def _check_size(data: bytes) -> None:
    if not data:
        raise _refused("empty", "The file is empty")
    if len(data) > MAX_BYTES:
        raise _refused("size", "The logo must be smaller than 2 MB")


# --- PNG --------------------------------------------------------------------------------------------------------------
def _decoded(data: bytes) -> Image.Image:
    """The picture in a PNG, after its chunks were walked: nothing may follow the end, and its size is known beforehand."""
    position = len(_PNG)
    size: tuple[int, int] | None = None
    while position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"IHDR" and length == 13:
            width, height = struct.unpack_from(">II", data, position + 8)
            size = (width, height)
        position += 12 + length
        if kind == b"IEND":
            break
    else:
        raise _refused("broken", "The PNG file is damaged. Save it again and retry")
    if position != len(data):
        raise _refused("hidden", "The PNG file has something else hidden behind the picture. Save it again and retry")
    if size is None or min(size) == 0:
        raise _refused("broken", "The PNG file is damaged. Save it again and retry")
    if max(size) > MAX_PIXELS_A_SIDE:
        raise _refused("pixels", f"The logo must be no more than {MAX_PIXELS_A_SIDE:,} pixels wide and high")
    if size[1] < MIN_HEIGHT:
        raise _refused("height", f"The logo must be at least {MIN_HEIGHT} pixels high")
    return _opened(data)


def _opened(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
        picture.load()
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise _refused("broken", "The PNG file is damaged. Save it again and retry") from None
    return picture.convert("RGBA")


def _finish(picture: Image.Image) -> EmailLogo:
    """Scale down, pad to the least height, and write without any metadata."""
    if picture.getchannel("A").getextrema()[1] == 0:
        raise _refused("blank", "The logo is completely transparent")
    picture.thumbnail((MAX_WIDTH, MAX_HEIGHT), Image.Resampling.LANCZOS)
    if picture.height < MIN_HEIGHT:
        padded = Image.new("RGBA", (picture.width, MIN_HEIGHT), (255, 255, 255, 0))
        padded.paste(picture, (0, (MIN_HEIGHT - picture.height) // 2))
        picture = padded
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return EmailLogo(out.getvalue(), picture.width, picture.height)


# --- SVG --------------------------------------------------------------------------------------------------------------
def _looks_like_svg(data: bytes) -> bool:
    head = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith((b"<?xml", b"<svg", b"<!--", b"<!DOCTYPE")) and b"<svg" in data


def rebuilt_svg(data: bytes) -> bytes:
    """The shapes of an SVG, written anew. Refuses everything that could run, fetch, or hide something."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("encoding", "The SVG must be saved as UTF-8") from None
    # Entities are how XML files read other files or grow a thousandfold; no logo needs them.
    if "<!ENTITY" in text.upper():
        raise _refused("entity", "The SVG contains entity definitions. Save it again without them")
    if "<!DOCTYPE" in text.upper():
        text = _without_doctype(text)
    try:
        root = ET.fromstring(text)  # noqa: S314 - no document type and no entities are left at this point
    except (ET.ParseError, ValueError, RecursionError):
        raise _refused("broken", "The SVG file is damaged. Save it again and retry") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise _refused("format", "The file is not an SVG picture")
    counter = [0]
    clean = _rebuilt(root, 0, counter)
    _size_of(clean)
    ET.register_namespace("", _SVG)
    plain = ET.tostring(clean, encoding="unicode")
    try:
        hushed = bytes(py_svg_hush.filter_svg(plain.encode(), keep_data_url_mime_types={})).decode()
    except ValueError:
        raise _refused("broken", "The SVG file is damaged. Save it again and retry") from None
    # svg-hush leaves the namespace out where the document had a default one; readers of files insist on it.
    if f'xmlns="{_SVG}"' not in hushed:
        hushed = hushed.replace("<svg", f'<svg xmlns="{_SVG}"', 1)
    return hushed.encode()


def _without_doctype(text: str) -> str:
    """Old drawing programs name the SVG document type; that much is harmless, and is dropped."""
    start = text.upper().index("<!DOCTYPE")
    end = text.find(">", start)
    if end < 0 or "[" in text[start:end] or "<!DOCTYPE" in text[end:].upper():
        raise _refused("doctype", "The SVG contains a document type definition. Save it again without it")
    return text[:start] + text[end + 1 :]


def _rebuilt(element: ET.Element, depth: int, counter: list[int]) -> ET.Element:
    counter[0] += 1
    if depth > MAX_SVG_DEPTH or counter[0] > MAX_SVG_ELEMENTS:
        raise _refused("complex", "The SVG is too complicated for a logo. Simplify it and save it again")
    copy = ET.Element(element.tag, _attributes(element))
    for child in element:
        namespace, _, name = str(child.tag).rpartition("}")
        # Drawing programs leave notes in namespaces of their own: they are dropped, not refused.
        if name in _IGNORED or (namespace and namespace != "{" + _SVG and name not in _SENTENCES):
            continue
        if name not in _SHAPES:
            raise _refused("element", _SENTENCES.get(name, f"The SVG contains ‘{name[:30]}’, which logos cannot have"))
        copy.append(_rebuilt(child, depth + 1, counter))
    return copy


def _attributes(element: ET.Element) -> dict[str, str]:
    kept = {}
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2].lower()
        if plain.startswith("on"):
            raise _refused("script", _SENTENCES["script"])
        squeezed = "".join(value.split()).lower()
        if plain == "href" and not squeezed.startswith("#"):
            raise _refused("reference", "The SVG refers to something outside itself. Save it again with shapes only")
        if "url(" in squeezed.replace("url(#", "").replace("url('#", "").replace('url("#', "") or "javascript:" in squeezed:
            raise _refused("reference", "The SVG refers to something outside itself. Save it again with shapes only")
        if not name.startswith("{") or name == _XLINK_HREF:
            kept[name] = value
    return kept


def _number(text: str) -> float:
    return float(text.strip().removesuffix("px").removesuffix("pt").removesuffix("mm"))


def _size_of(root: ET.Element) -> tuple[float, float]:
    """Width and height of a picture; refuses one without, or so long that it could not be read."""
    try:
        if "viewBox" in root.attrib:
            _, _, width, height = map(float, root.attrib["viewBox"].replace(",", " ").split())
        else:
            width, height = _number(root.attrib["width"]), _number(root.attrib["height"])
    except (KeyError, ValueError):
        raise _refused(
            "size", "The SVG does not say how large it is. Save it again with a width, a height or a view box"
        ) from None
    if not (0 < width < 1e6 and 0 < height < 1e6 and 1 / 10 <= width / height <= 25):
        raise _refused("shape", "The logo is too long and thin to be read")
    return width, height


@cache
def _render_page() -> bytes:
    return (
        b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        b'#image(bytes(sys.inputs.svg), format: "svg", height: float(sys.inputs.height) * 1pt)\n'
    )


def svg_to_png(svg: bytes, *, height: int) -> bytes:
    """The picture of a rebuilt SVG, so many pixels high (fewer when it would be wider than an email)."""
    width_of, height_of = _size_of(ET.fromstring(svg))  # noqa: S314 - our own, rebuilt document
    height = min(height, max(1, round(2 * MAX_WIDTH * height_of / width_of)))
    try:
        return bytes(
            typst.compile(
                _render_page(),
                format="png",
                ppi=72.0,
                sys_inputs={"svg": svg.decode(), "height": str(height)},
                ignore_system_fonts=True,
            )
        )
    except RuntimeError:
        raise _refused("broken", "The SVG could not be drawn. Save it again and retry") from None


def logo_name(file: File) -> str:
    """The last part of a stored file's name, which is also its public name."""
    return str(file.name).rpartition("/")[2]
