"""Charts as SVG, written out by hand."""
import html
import math

COLORS = ["#1f5fa8", "#d1802c", "#4c9a4c", "#b04040", "#7d5ba6", "#8a8a8a", "#2b9aa0"]
WIDTH, HEIGHT = 960, 420
LEFT, RIGHT, TOP, BOTTOM = 84, 20, 56, 64


class Canvas:
    """Shapes in a frame with a vertical axis from `low` to `high`."""

    def __init__(self, title, low, high):
        self.low, self.high = low, high
        self.shapes = []
        self.text(WIDTH / 2, 22, title, size=16, anchor="middle")

    def y(self, value):
        part = (min(value, self.high) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)

    def text(self, x, y, words, size=12, anchor="start", turn=None):
        turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
        self.shapes.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"'
                           f' text-anchor="{anchor}"{turned}>{html.escape(words)}</text>')

    def line(self, x1, y1, x2, y2, color="#333", width=1.0, dashed=False):
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self.shapes.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
                           f' stroke="{color}" stroke-width="{width}"{dashes}/>')

    def bar(self, x, width, value, color):
        top = self.y(value)
        self.shapes.append(f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}"'
                           f' height="{self.y(self.low) - top:.1f}" fill="{color}"/>')

    def circle(self, x, value, color):
        self.shapes.append(f'<circle cx="{x:.1f}" cy="{self.y(value):.1f}" r="3.5"'
                           f' fill="{color}"/>')

    def axis(self, label, step):
        for i in range(round((self.high - self.low) / step) + 1):
            value = self.low + i * step
            self.line(LEFT, self.y(value), WIDTH - RIGHT, self.y(value), "#ddd")
            self.text(LEFT - 8, self.y(value) + 4, f"{value:,g}", anchor="end")
        self.text(16, HEIGHT / 2, label, anchor="middle", turn=-90)

    def legend(self, names):
        x = LEFT
        for i, name in enumerate(names):
            color = COLORS[i % len(COLORS)]
            self.shapes.append(f'<rect x="{x}" y="{TOP - 20}" width="12" height="12"'
                               f' fill="{color}"/>')
            self.text(x + 17, TOP - 10, name)
            x += 40 + 7 * len(name)

    def svg(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
                f' viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">\n'
                '<rect width="100%" height="100%" fill="#fff"/>\n' +
                "\n".join(self.shapes) + "\n</svg>\n")


def step_for(span):
    """A round step that cuts it into 4 to 10 parts."""
    if span <= 0:
        return 1
    power = 10 ** math.floor(math.log10(span))
    return next(step * power for step in (0.1, 0.2, 0.25, 0.5, 1, 2)
                if span / (step * power) <= 8)


def brief(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def bars(title, label, groups, series, values, line=None, most=math.inf):
    """`values[series][group]` is (value, low, high) or absent. `line`: a dashed one at this value.

    What is higher than `most` is cut; the number above its bar tells.
    """
    top = min(most, 1.05 * max(v[2] for row in values.values() for v in row.values()))
    step = step_for(top)
    canvas = Canvas(title, 0, step * math.ceil(top / step))
    canvas.axis(label, step)
    canvas.legend(series)
    space = (WIDTH - LEFT - RIGHT) / len(groups)
    width = 0.84 * space / len(series)
    for g, group in enumerate(groups):
        x = LEFT + g * space + 0.08 * space
        for s, name in enumerate(series):
            if group in values.get(name, {}):
                value, low, high = values[name][group]
                canvas.bar(x + s * width, width * 0.92, value, COLORS[s % len(COLORS)])
                middle = x + (s + 0.46) * width
                if value <= canvas.high:
                    canvas.line(middle, canvas.y(low), middle, canvas.y(high), "#000", 1.5)
                canvas.text(middle, max(canvas.y(high), TOP) - 4, brief(value), 9, "middle")
        canvas.text(LEFT + (g + 0.5) * space, HEIGHT - BOTTOM + 20, group, anchor="middle")
    if line is not None:
        canvas.line(LEFT, canvas.y(line), WIDTH - RIGHT, canvas.y(line), "#000", 1, dashed=True)
    return canvas.svg()


def growth(title, label, series, points):
    """`points[series]` is a list of (size, value); sizes are on a logarithmic axis."""
    every = [point for row in points.values() for point in row]
    most = max(value for _, value in every) * 1.1
    step = step_for(most)
    canvas = Canvas(title, 0, step * math.ceil(most / step))
    canvas.axis(label, step)
    canvas.legend(series)
    decades = max(1, math.ceil(math.log10(max(size for size, _ in every))))

    def x(size):
        return LEFT + 20 + math.log10(size) / decades * (WIDTH - LEFT - RIGHT - 40)
    for power in range(decades + 1):
        canvas.text(x(10 ** power), HEIGHT - BOTTOM + 20, f"{10 ** power:,}", anchor="middle")
    for s, name in enumerate(series):
        color, row = COLORS[s % len(COLORS)], points[name]
        for (size, value), (next_size, next_value) in zip(row, row[1:]):
            canvas.line(x(size), canvas.y(value), x(next_size), canvas.y(next_value), color, 2)
        for size, value in row:
            canvas.circle(x(size), value, color)
    return canvas.svg()
