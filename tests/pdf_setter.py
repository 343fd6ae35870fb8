"""Sets small PDFs as a word processor does, for the tests of their reader."""

import io
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"  # every PDF reader knows it: nothing is embedded
WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, SIZE, LEADING = 72.0, 522.0, 12.0, 20.0


class Setter:
    """Sets lines as a word processor does: indents, wraps, breaks pages, repeats table headers."""

    def __init__(self, head: str = "", columns: int = 1, indent: float = 2 * SIZE) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=(WIDTH, HEIGHT))
        self.head, self.columns, self.indent = head, columns, indent
        self.page, self.column, self.y = 1, 0, 90.0
        self.gap = 24.0
        self.width = (RIGHT - LEFT - self.gap * (columns - 1)) / columns
        self.notes: list[str] = []

    @property
    def left(self) -> float:
        return LEFT + self.column * (self.width + self.gap)

    def put(self, x: float, top: float, text: str, size: float = SIZE) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - top - size, text)

    def line(self, text: str, x: float, size: float = SIZE) -> None:
        if self.y + size > 740 - 16 * len(self.notes):
            self.next()
            x = self.left + x % 1 if x < LEFT else x
        self.put(x, self.y, text, size)
        self.y += size + LEADING - SIZE

    def next(self) -> None:
        if self.column + 1 < self.columns:
            self.column, self.y = self.column + 1, 90.0
            return
        self.finish()
        self.canvas.showPage()
        self.page, self.column, self.y = self.page + 1, 0, 90.0

    def finish(self) -> None:
        if self.head:
            self.put(LEFT, 50, self.head, 9)
        self.put(WIDTH / 2 - 12, 800, f"— {self.page} —", 9)
        if self.notes:
            self.canvas.line(
                LEFT,
                HEIGHT - 752 + 14 * len(self.notes),
                LEFT + 120,
                HEIGHT - 752 + 14 * len(self.notes),
            )
        for i, note in enumerate(self.notes):
            self.put(LEFT, 756 - 14 * (len(self.notes) - i) + 14, note, 9)
        self.notes = []

    def heading(self, text: str, size: float) -> None:
        self.y += 8
        self.line(
            text,
            LEFT + (RIGHT - LEFT - size * len(text)) / 2 if self.columns == 1 else self.left,
            size,
        )
        self.y += 6

    def paragraph(self, text: str, mark: str = "") -> None:
        room, held, first = self.width - self.indent, "", True
        for character in text:
            wide = pdfmetrics.stringWidth(held + character, FONT, SIZE)
            if wide > room and character not in "，。、；”":
                self._flush(held, first)
                held, first, room = "", False, self.width
            held += character
        self._flush(held, first)
        if mark:
            end = (
                pdfmetrics.stringWidth(held, FONT, SIZE) + self.left + (self.indent if first else 0)
            )
            self.put(end, self.y - LEADING, mark, 6)

    def _flush(self, text: str, first: bool) -> None:
        if self.y + SIZE > 740 - 16 * len(self.notes):
            self.next()
        self.line(text, self.left + (self.indent if first else 0))

    def table(self, rows: list[tuple[str, ...]], widths: tuple[float, ...]) -> None:
        head, top = rows[0], self.y
        for number, row in enumerate(rows):
            if self.y + 22 > 740:
                self._rules(top, widths)
                self.next()
                top = self.y
                self._row(head, widths)
            self._row(row, widths) if number or top else None
        self._rules(top, widths)
        self.y += 10

    def _row(self, row: tuple[str, ...], widths: tuple[float, ...]) -> None:
        x = self.left
        for text, width in zip(row, widths, strict=True):
            self.put(x + 3, self.y + 5, text, 10)
            x += width
        self.y += 22

    def _rules(self, top: float, widths: tuple[float, ...]) -> None:
        total = sum(widths)
        for i in range(round((self.y - top) / 22) + 1):
            self.canvas.line(
                self.left, HEIGHT - top - 22 * i, self.left + total, HEIGHT - top - 22 * i
            )
        x = self.left
        for width in (0.0, *widths):
            x += width
            self.canvas.line(x, HEIGHT - top, x, HEIGHT - self.y)

    def save(self, path: Path) -> Path:
        self.finish()
        self.canvas.save()
        path.write_bytes(self.out.getvalue())
        return path
