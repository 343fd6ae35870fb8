"""Scanned pages → characters with boxes, by an OCR engine where the extra is installed."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from index.read.pdf_glyphs import Character

_SCALE = 150 / 72  # rendered at 150 dots an inch
_MOST_PIXELS = 12_000_000
UNCODED = "的文字没有编码，字体缺少对照表，读不出是什么字"
_SURE = 0.5
_UPRIGHT = 0.8  # mean certainty of a page that is not looked at turned


@dataclass(frozen=True, slots=True)
class Recognised:
    """The characters of a page turned clockwise by ``turn`` degrees, and how sure they are, 0 to 1."""

    characters: tuple[Character, ...]
    turn: int
    sure: float


def installed() -> bool:
    """Whether the extra ``guiwen[ocr]`` is there."""
    return find_spec("rapidocr_onnxruntime") is not None


def advice() -> str:
    """What helps with scanned pages, in Chinese."""
    if installed():
        return "文字识别没有认出文字，请换一份更清晰的文件。"
    return '请安装文字识别：pip install "guiwen[ocr]"，或换一份有文字层的文件。'


def unread(scanned: list[int], uncoded: list[int]) -> tuple[str, ...]:
    """Notes in Chinese on pages that were not read: images, or glyphs that no font names."""
    found = []
    if scanned:
        found.append(f"第 {ranges(scanned)} 页是扫描图像，没有文字层，未读入。{advice()}")
    if uncoded:
        found.append(f"第 {ranges(uncoded)} 页{UNCODED}，未读入。{advice()}")
    return tuple(found)


def characters(
    pdf: Any,  # noqa: ANN401 - pypdfium2 is loaded late
    scanned: list[int],
) -> tuple[dict[int, Recognised], tuple[str, ...]]:
    """Read the scanned pages of an open pypdfium2 document.

    Returns:
        What was read on each page, and notes in Chinese on all scanned pages.
    """
    if not scanned:
        return {}, ()
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR(intra_op_num_threads=2)
    found = {number: _read(engine, pdf, number) for number in scanned}
    notes = [f"第 {ranges(scanned)} 页没有可读的文字层，文字由识别得到，可能有错，请核对原件。"]
    blank = [number for number in scanned if not found[number].characters]
    if blank:
        notes.append(f"第 {ranges(blank)} 页没有可读的文字层，也没有认出文字。")
    return found, tuple(notes)


def _read(engine: Any, pdf: Any, number: int) -> Recognised:  # noqa: ANN401
    page = pdf[number - 1]
    try:
        area = page.get_width() * page.get_height()
        scale = min(_SCALE, (_MOST_PIXELS / max(1.0, area)) ** 0.5)
        image = page.render(scale=scale).to_numpy()
    finally:
        page.close()
    best = _recognised(engine, image, 0, scale)
    if best.sure < _UPRIGHT:
        turned = [_recognised(engine, image, turn, scale) for turn in (90, 180, 270)]
        best = max([best, *turned], key=lambda one: one.sure * len(one.characters))
    return best


def _recognised(engine: Any, image: Any, turn: int, scale: float) -> Recognised:  # noqa: ANN401
    """What is read on the page turned clockwise by ``turn``."""
    import numpy as np

    # The engine can judge for each line whether it stands on its head, and loses whole lines by it.
    result, _ = engine(np.ascontiguousarray(np.rot90(image, -turn // 90)), use_cls=False)
    found: list[Character] = []
    scores: list[float] = []
    for corners, text, score in result or []:
        xs, ys = [x / scale for x, _ in corners], [y / scale for _, y in corners]
        across = max(xs) - min(xs) >= max(ys) - min(ys) or len(text) < 2
        scores += [float(score) if across else 0.0] * len(text)
        if float(score) >= _SURE:
            found += _spread(text, min(xs), min(ys), max(xs), max(ys))
    return Recognised(tuple(found), turn, sum(scores) / max(1, len(scores)))


def _spread(text: str, left: float, top: float, right: float, bottom: float) -> list[Character]:
    """Give each character of a line its share of the line's box: ASCII takes half a square."""
    widths = [0.5 if character.isascii() else 1.0 for character in text]
    unit = (right - left) / max(0.5, sum(widths))
    made, at = [], left
    for character, width in zip(text, widths, strict=True):
        if not character.isspace():
            box = (round(at, 2), round(top, 2), round(at + width * unit, 2), round(bottom, 2))
            made.append(Character(character, box, round(unit, 1), bold=False))
        at += width * unit
    return made


def ranges(numbers: list[int]) -> str:
    """1、3–5 for [1, 3, 4, 5]."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
