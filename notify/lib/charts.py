"""Bar charts as inline SVG, drawn on the server: no script, no style attribute, and a table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200
_LEFT, _BOTTOM, _TOP = 56, 28, 12


@dataclass(frozen=True)
class Bar:
    """One bar, placed."""

    label: str
    value: float
    text: str
    x: float
    y: float
    width: float
    height: float
    label_x: float
    shows_label: bool


@dataclass(frozen=True)
class ChartLine:
    """One line of the scale, placed."""

    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """What templates/admin/components/bar_chart.html draws."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    lines: tuple[ChartLine, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    baseline: int = HEIGHT - _BOTTOM
    label_y: int = HEIGHT - 8

    @property
    def summary(self) -> str:
        """What the chart says, for people who cannot see it."""
        if not self.bars:
            return "No figures yet."
        top = max(self.bars, key=lambda bar: bar.value)
        return f"{len(self.bars)} bars. The highest is {top.text} {self.unit} ({top.label}), the last {self.bars[-1].text}."


def _round_up(value: float) -> float:
    """The next 1, 2 or 5 followed by zeros."""
    if value <= 0:
        return 1
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def bar_chart(title: str, points: Sequence[tuple[str, float]], *, unit: str = "") -> Chart:
    """A chart of labels and values, in the order given. Negative values count as nothing."""
    values = [max(0.0, float(value)) for _, value in points]
    top = _round_up(max(values, default=0))
    space = HEIGHT - _BOTTOM - _TOP
    slot = (WIDTH - _LEFT) / max(1, len(points))
    every = max(1, -(-len(points) // 8))
    bars = []
    for index, ((label, _), value) in enumerate(zip(points, values, strict=True)):
        height = round(space * value / top, 1)
        x = round(_LEFT + index * slot + slot * 0.15, 1)
        bars.append(
            Bar(
                label=label,
                value=value,
                text=f"{value:,.0f}" if value == int(value) else f"{value:,.1f}",
                x=x,
                y=round(HEIGHT - _BOTTOM - height, 1),
                width=round(slot * 0.7, 1),
                height=height,
                label_x=round(_LEFT + (index + 0.5) * slot, 1),
                shows_label=index % every == 0,
            )
        )
    lines = [ChartLine(round(HEIGHT - _BOTTOM - space * share, 1), f"{top * share:,g}") for share in (0, 0.5, 1)]
    return Chart(title, unit, tuple(bars), tuple(lines))
