import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from branding import logos
from notify.lib.refusals import ActionRefused

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20">{}</svg>'
SQUARE = '<rect width="20" height="20" fill="#003078"/>'


def png(width=300, height=150, colour=(0, 48, 120, 255), **extra):
    out = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(out, "PNG", **extra)
    return out.getvalue()


def svg(inside=SQUARE):
    return SVG.format(inside).encode()


def code_of(function, *args):
    with pytest.raises(ActionRefused) as caught:
        function(*args)
    (reason,) = caught.value.reasons
    assert reason.field == "logo"
    return reason.code


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((300, 150), (300, 150)), ((1280, 400), (640, 200)), ((1500, 150), (640, 108)), ((200, 2000), (40, 400))],
)
def test_a_png_is_scaled_to_fit_and_padded_to_the_least_height(size, expected):
    logo = logos.email_logo(png(*size))
    assert (logo.width, logo.height) == expected
    assert Image.open(io.BytesIO(logo.png)).size == expected


def test_a_png_loses_everything_but_the_picture():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>alert(1)</script>")
    logo = logos.email_logo(png(pnginfo=words))
    assert b"script" not in logo.png
    assert Image.open(io.BytesIO(logo.png)).info == {}


def test_a_png_with_something_behind_the_picture_is_refused():
    assert code_of(logos.email_logo, png() + b"PK\x03\x04 a zip file") == "hidden"


def test_a_decompression_bomb_is_refused_before_it_is_decoded():
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    assert code_of(logos.email_logo, bomb) == "pixels"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (png()[:-30], "broken"),
        (png(height=100), "height"),
        (png(colour=(0, 0, 0, 0)), "blank"),
        (b"\xff\xd8\xff\xe0 a photograph", "format"),
        (b"GIF89a<svg", "format"),
        (b"<html><svg></svg></html>", "format"),
        (bytes(logos.MAX_BYTES + 1), "size"),
    ],
)
def test_files_that_are_no_logo_are_refused(data, code):
    assert code_of(logos.email_logo, data) == code


def test_a_png_with_damaged_contents_is_refused():
    data = bytearray(png())
    data[60:70] = b"0123456789"
    assert code_of(logos.email_logo, bytes(data)) == "broken"


def test_an_svg_becomes_a_png_for_emails():
    logo = logos.email_logo(svg())
    assert (logo.width, logo.height) == (432, 216)
    assert Image.open(io.BytesIO(logo.png)).getpixel((10, 100)) == (0, 48, 120, 255)


def test_an_svg_for_letters_is_rebuilt_from_shapes():
    logo = logos.letter_logo(svg('<g xmlns:draw="http://draw" draw:note="x"><title>A</title><draw:guide/>' + SQUARE + "</g>"))
    assert b"draw" not in logo.svg
    assert b"title" not in logo.svg
    assert b"<rect" in logo.svg
    assert logo.preview.startswith(b"\x89PNG")
    assert logos.rebuilt_svg(logo.svg) == logo.svg


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<script>alert(1)</script>", "element"),
        ("<SCRIPT>alert(1)</SCRIPT>", "element"),
        ("<foreignObject><p/></foreignObject>", "element"),
        ('<x:script xmlns:x="http://other"/>', "element"),
        ('<image href="data:image/png;base64,AAAA"/>', "element"),
        ('<image href="http://169.254.169.254/"/>', "element"),
        ('<use href="#a"/>', "element"),
        ("<style>@import 'http://evil.example'</style>", "element"),
        ("<text>Words</text>", "element"),
        ('<a href="https://example.com"><rect/></a>', "element"),
        ("<animate/>", "element"),
        ('<rect onclick="alert(1)"/>', "script"),
        ('<rect fill="url(http://evil.example/x)"/>', "reference"),
        ('<rect style="fill: url( //evil.example )"/>', "reference"),
        ('<linearGradient xlink:href="other.svg#a"/>', "reference"),
        ("<g>" * 60 + "</g>" * 60, "complex"),
        ("<rect/>" * 5_001, "complex"),
        ("<rect>", "broken"),
    ],
)
def test_an_svg_with_more_than_shapes_is_refused(inside, code):
    assert code_of(logos.letter_logo, svg(inside)) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("&a;"), "entity"),
        (b"<!DOCTYPE svg [<!ELEMENT svg ANY>]>" + svg(), "doctype"),
        (svg().decode().encode("utf-16"), "format"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 5"/>', "shape"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 5"/>', "shape"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "size"),
        (b'<?xml version="1.0"?><svg viewBox="0 0 2 2"/>', "format"),
        (b"<svg \xff\xfe", "encoding"),
        (png(), "format"),
    ],
)
def test_an_svg_that_is_not_a_plain_picture_is_refused(data, code):
    assert code_of(logos.letter_logo, data) == code


def test_the_usual_document_type_of_old_drawing_programs_is_dropped():
    kind = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert b"DOCTYPE" not in logos.rebuilt_svg(kind + svg())


def test_visible_share_tells_a_logo_from_its_background():
    white = png(colour=(255, 255, 255, 255))
    assert logos.visible_share(white, "#ffffff") == 0.0
    assert logos.visible_share(white, "#003078") == 1.0
