"""A page of a letter as a picture, to see how a logo looks on it."""

import typst

_PAGE = b"""
#set page(paper: "a4", margin: (left: 15mm, right: 15mm, top: 15mm, bottom: 20mm), fill: white)
#set text(font: ("Liberation Sans", "Arial", "Libertinus Serif"), size: 11pt, lang: "en")
#let logo = sys.inputs.at("logo", default: "")
#place(top + left, box(height: 18mm,
  if logo != "" { image(bytes(logo), format: "svg", height: 18mm) }))
#place(top + right, dy: 0mm, box(width: 50mm, align(right, text(size: 9pt, sys.inputs.service))))
#place(top + left, dx: 10mm, dy: 28mm, box(width: 90mm)[Sam Example \\ 1 Example Street \\ Exampletown \\ EX1 1AA])
#v(70mm)
12 January 2026

#text(size: 15pt, weight: "bold")[Your appointment is confirmed]

Dear Sam,

We will see you on 12 January at 9:30am. Please bring this letter and something with your name on it.

If you cannot come, let us know by the day before.

With best wishes,

The appointments team
"""


def letter_page(logo: bytes | None, *, service_name: str) -> bytes:
    """A PNG of an example letter with a rebuilt SVG logo (branding.logos), or without one."""
    inputs = {"service": service_name[:60]}
    if logo:
        inputs["logo"] = logo.decode()
    return bytes(typst.compile(_PAGE, format="png", ppi=96.0, sys_inputs=inputs, ignore_system_fonts=True))
