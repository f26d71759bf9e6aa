import pytest

from branding import colour


@pytest.mark.parametrize(
    ("text", "expected"), [("#1D70B8", "#1d70b8"), ("1d70b8", "#1d70b8"), (" #Abc ", "#aabbcc"), ("fff", "#ffffff")]
)
def test_normalise_writes_six_lower_case_digits(text, expected):
    assert colour.normalise(text) == expected


@pytest.mark.parametrize("text", ["", "blue", "#12", "#12345", "#1234567", "#ggg", "url(x)"])
def test_normalise_refuses_what_is_not_a_hex_colour(text):
    with pytest.raises(ValueError, match="Enter a hex colour code"):
        colour.normalise(text)


def test_contrast_goes_from_1_to_21():
    assert round(colour.contrast("#000", "#fff"), 2) == 21.0
    assert colour.contrast("#777", "#777") == 1.0


@pytest.mark.parametrize(("background", "expected"), [("#ffdd00", "#0b0c0c"), ("#1d70b8", "#ffffff"), ("#000000", "#ffffff")])
def test_text_is_white_or_black_whichever_reads_better(background, expected):
    assert colour.readable_on(background) == expected
    assert colour.contrast(expected, background) >= colour.TEXT_CONTRAST
