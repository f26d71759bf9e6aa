from notify.lib.charts import HEIGHT, WIDTH, bar_chart


def test_bars_stand_inside_the_picture_and_keep_their_order():
    chart = bar_chart("Messages", [("Mon", 10), ("Tue", 25), ("Wed", 0)], unit="messages")
    assert [bar.label for bar in chart.bars] == ["Mon", "Tue", "Wed"]
    assert all(bar.x >= chart.left and bar.x + bar.width <= WIDTH for bar in chart.bars)
    assert all(0 <= bar.y <= bar.y + bar.height <= HEIGHT for bar in chart.bars)
    assert chart.bars[2].height == 0
    assert [line.text for line in chart.lines] == ["0", "25", "50"]


def test_a_chart_says_what_it_shows():
    chart = bar_chart("Messages", [("Mon", 1000), ("Tue", 25)], unit="messages")
    assert chart.summary == "2 bars. The highest is 1,000 messages (Mon), the last 25."
    assert bar_chart("Nothing", []).summary == "No figures yet."


def test_negative_values_and_zeros_draw_nothing():
    chart = bar_chart("Nothing", [("Mon", -5), ("Tue", 0)])
    assert [bar.height for bar in chart.bars] == [0, 0]


def test_many_bars_do_not_all_carry_a_label():
    chart = bar_chart("Days", [(str(day), day) for day in range(60)])
    assert sum(bar.shows_label for bar in chart.bars) <= 8
