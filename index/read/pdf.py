"""PDF files: text layer, reading order, tables, headings; scanned pages told and, if wished, read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.read import ocr as recognition
from index.read.compose import Composer, Extract
from index.read.looks import Looks
from index.read.pdf_columns import columns, set_edges, usual_gutter
from index.read.pdf_flow import Flow
from index.read.pdf_furniture import footnotes, furniture, note_mark
from index.read.pdf_glyphs import UNKNOWN, Box, Character, TooMuchError
from index.read.pdf_grid import Grid, grids
from index.read.pdf_lines import Line, lines
from index.read.pdf_page import Page, body_size, read_page
from index.read.pdf_strips import astray, strip_lines
from index.read.pdf_usual import is_indented, leading

MAX_PAGES = 3000
_MAX_CHARACTERS = 3_000_000


def read(data: bytes, path: Path, *, ocr: bool = False) -> Extract:
    """Read a PDF; with ``ocr`` its scanned pages too, otherwise they are told.

    Raises:
        SourceError: damaged, locked by a password, too many pages, or nothing in it to read.
    """
    pdf = _open(data, path)
    try:
        pages = _pages(pdf, path)
        scanned = [page.number for page in pages if page.scanned or not page.coded]
        if ocr:
            found, notes = recognition.characters(pdf, scanned)
            pages = [_with(page, found.get(page.number)) for page in pages]
        else:
            notes = recognition.unread(
                [page.number for page in pages if page.scanned],
                [page.number for page in pages if not page.coded],
            )
    finally:
        pdf.close()
    if not any(page.characters for page in pages):
        if scanned and recognition.installed() and not ocr:
            return Extract("", "pdf", None, notes, scanned=True)
        if scanned:
            raise SourceError(
                f"文件“{path}”的 {len(pages)} 页都是扫描图像，没有文字层。{recognition.advice()}"
                if any(page.scanned for page in pages)
                else f"文件“{path}”的 {len(pages)} 页{recognition.UNCODED}。{recognition.advice()}"
            )
        raise SourceError(f"文件“{path}”中没有文字，{len(pages)} 页都是空白。请检查文件。")
    return replace(_composed(pages, (*notes, *_unknown(pages))), scanned=bool(scanned))


def _unknown(pages: list[Page]) -> list[str]:
    """A note in Chinese on characters that the file does not name."""
    found = {p.number: sum(c.text == UNKNOWN for c in p.characters) for p in pages}
    numbers = [number for number, count in found.items() if count]
    if not numbers:
        return []
    return [
        f"第 {recognition.ranges(numbers)} 页有 {sum(found.values())} 个字的字体没有给出编码，"
        f"读作“{UNKNOWN}”，请核对原件。"
    ]


def _open(data: bytes, path: Path) -> Any:  # noqa: ANN401 - pypdfium2 is loaded late
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise SourceError(
                f"文件“{path}”设有密码，无法打开。请用有权限的程序去掉密码后另存，再索引。"
            ) from error
        raise SourceError(
            f"文件“{path}”不是完整的 PDF：{error}。请重新下载，或用阅读器打开后另存。"
        ) from error


def _pages(pdf: Any, path: Path) -> list[Page]:  # noqa: ANN401
    import pypdfium2

    if len(pdf) > MAX_PAGES:
        raise SourceError(
            f"文件“{path}”有 {len(pdf)} 页，超过上限 {MAX_PAGES} 页。请拆成几个文件后再索引。"
        )
    pages: list[Page] = []
    total = 0
    for number in range(1, len(pdf) + 1):
        try:
            pages.append(read_page(pdf, number))
        except TooMuchError as error:
            raise SourceError(
                f"文件“{path}”第 {number} 页：{error}，不像正常的文件。请检查来源。"
            ) from error
        except pypdfium2.PdfiumError as error:
            raise SourceError(
                f"文件“{path}”第 {number} 页无法读取：{error}。请用阅读器打开后另存。"
            ) from error
        total += len(pages[-1].characters)
        if total > _MAX_CHARACTERS:
            raise SourceError(
                f"文件“{path}”超过 {_MAX_CHARACTERS} 字，不像正常的规划文件。请拆成几个文件后再索引。"
            )
    return pages


def _with(page: Page, found: recognition.Recognised | None) -> Page:
    if found is None or not found.characters:
        return page
    page = replace(page, characters=found.characters, strips=(), turn=found.turn)
    if not found.turn:
        return page
    width, height = page.width, page.height
    if found.turn != 180:
        width, height = height, width
    return replace(page, width=width, height=height, rules=())


def _composed(pages: list[Page], notes: tuple[str, ...]) -> Extract:
    body = body_size(pages)
    found: dict[int, list[Line]] = {}
    strips: dict[int, list[Line]] = {}
    for page in pages:
        strips[page.number] = strip_lines(page)
        found[page.number] = _lines(page, body, strips[page.number])
    stray = astray(strips.values())
    asides = furniture(pages, {n: [x for x in all_ if not x.grid] for n, all_ in found.items()})
    own = {
        number: [line for line in all_ if id(line) not in asides] for number, all_ in found.items()
    }
    usual = usual_gutter(own.values())
    ordered = {
        page.number: columns(own[page.number], usual=usual, rules=page.rules) for page in pages
    }
    feet = {page.number: footnotes(page, _text_lines(ordered[page.number]), body) for page in pages}
    for page in pages:
        below = {id(line) for line in feet[page.number][0]}
        ordered[page.number] = [line for line in ordered[page.number] if id(line) not in below]
    text = [line for page in pages for line in ordered[page.number]]
    set_edges(_text_lines(text), {page.number: round(page.width) for page in pages})
    composer = Composer()
    looks = Looks.of((line.size for line in text if line.grid is None), body)
    flow = Flow(composer, looks, is_indented(_text_lines(text)), leading(text))
    for page in pages:
        notes_of, marks = _by_mark(*feet[page.number])
        for line in ordered[page.number]:
            if line.grid is not None:
                flow.table(line)
            else:
                flow.line(line, marks)
                for mark, _ in line.marks():
                    flow.aside(notes_of.pop(mark, []), "")
        for note in notes_of.values():
            flow.aside(note, "")
        for line in found[page.number]:
            if id(line) in asides:
                flow.aside([line], asides[id(line)])
        for line in strips[page.number]:
            flow.aside([line], stray[id(line)])
    flow.end()
    extract = composer.extract("pdf", "pdf", notes)
    return _as_shown(extract, {page.number: page for page in pages if page.turn})


def _as_shown(extract: Extract, turned: dict[int, Page]) -> Extract:
    """Places on the pages as a viewer shows them, whichever way they were turned to be read."""
    if not turned or extract.layout is None:
        return extract
    places = tuple(
        replace(place, box=turned[place.page].as_shown(place.box))
        if place.page in turned and place.box
        else place
        for place in extract.layout.places
    )
    return replace(extract, layout=replace(extract.layout, places=places))


def _text_lines(found: list[Line]) -> list[Line]:
    return [line for line in found if line.grid is None]


def _lines(page: Page, body: float, strips: list[Line]) -> list[Line]:
    """The lines of a page, its ruled tables among them.

    Of ``strips`` those that stand in a table are taken out.
    """
    tables: list[Line] = []
    rest = list(page.characters)
    for grid in grids(page.rules):
        inside = [c for c in rest if _inside(grid, c.box)]
        if not inside or _is_frame(grid, page):
            continue
        rest = [c for c in rest if not _inside(grid, c.box)]
        sideways = [strip for strip in strips if _inside(grid, strip.box)]
        strips[:] = [strip for strip in strips if not _inside(grid, strip.box)]
        held = [Character("\ufffc", grid.box, body, bold=False)]
        tables.append(Line(held, page.number, grid=grid, inside=(inside, sideways)))
    return [*lines(rest, page.number), *tables]


def _is_frame(grid: Grid, page: Page) -> bool:
    """Whether a single cell is a border around the whole page rather than a table."""
    left, top, right, bottom = grid.box
    whole = (right - left) * (bottom - top) > 0.7 * page.width * page.height
    return len(grid.rooms) == 1 and whole


def _inside(grid: Grid, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return grid.box[0] <= x <= grid.box[2] and grid.box[1] <= y <= grid.box[3]


def _by_mark(
    found: list[Line], marks: frozenset[str]
) -> tuple[dict[str, list[Line]], frozenset[str]]:
    """The notes at the foot of a page by what refers to them, and all that does."""
    notes: dict[str, list[Line]] = {}
    for note in _notes(found):
        mark = note_mark(note[0])
        notes[mark if mark and mark not in notes else f"{mark} {len(notes)}"] = note
    return notes, marks


def _notes(found: list[Line]) -> list[list[Line]]:
    """Part the lines at the foot of a page into notes: each begins with a mark or a number."""
    notes: list[list[Line]] = []
    for line in found:
        begins = line.raised or line.text()[:1] in "①②③④⑤⑥⑦⑧⑨⑩*＊†[" or line.text()[:1].isdigit()
        if begins or not notes:
            notes.append([line])
        else:
            notes[-1].append(line)
    return notes
