"""How well scanned pages are read: pages of the seeds, printed and scanned by this program.

    python -m benchmarks.scans [--pages 3] [--dots 150 200 300] [--rendered 150]

LibreOffice sets seeds as pages of 12 points with headings; each page is rendered, turned a little,
blurred, strewn with noise and compressed as a scanner does, and read as any PDF without a text
layer. Compared is what stands on the page with what was read, blanks and widths apart. Needs the
extra ``guiwen[ocr]`` and LibreOffice.
"""

import argparse
import io
import tempfile
import time
import unicodedata
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from benchmarks.mutate import SEEDS
from benchmarks.office import Block, Look, convert, flat_odf
from index import normalise
from index.labels import label
from index.read import ocr, pdf

TURNED = 0.6  # degrees
NOISE = 14.0  # standard deviation, of 255 greys
BLUR = 0.35  # points
QUALITY = 60  # of JPEG


def printed(folder: Path, characters: int) -> Path:
    """The beginnings of the seeds as one PDF."""
    blocks: list[Block] = []
    for path in sorted(SEEDS.glob("*.txt")):
        lines = path.read_text(encoding="utf-8")[:characters].splitlines()[:-1]
        for line in filter(is_clean, (line.strip() for line in lines)):
            heading = len(line) < 30 and label(normalise(line).text) is not None
            blocks.append(Block(line, 2 if heading else 0))
    source = folder / "printed.fodt"
    source.write_text(flat_odf(blocks, Look(head="", foot=False)), encoding="utf-8")
    return convert(source, ["pdf"])["pdf"]


def is_clean(line: str) -> bool:
    """Whether a line is as it was printed once: a seed has pinyin strewn over it."""
    return bool(line) and len(normalise(line).text) > 0.95 * len("".join(line.split()))


def scanned(page: pypdfium2.PdfPage, dots: int, dice: np.random.Generator) -> bytes:
    """A PDF of one page that is an image of ``page`` as a scanner at ``dots`` an inch makes it."""
    image = page.render(scale=dots / 72).to_pil().convert("L")
    turn = float(dice.uniform(-TURNED, TURNED))
    image = image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255)
    image = image.filter(ImageFilter.GaussianBlur(BLUR * dots / 72))
    grey = np.asarray(image, dtype=np.float32) * 0.85 + 25
    grey += dice.normal(0, NOISE, grey.shape).astype(np.float32)
    squeezed, out = io.BytesIO(), io.BytesIO()
    Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(squeezed, "JPEG", quality=QUALITY)
    Image.open(squeezed).save(out, "PDF", resolution=dots)
    return out.getvalue()


def bare(text: str) -> str:
    """What is compared: the text without blanks and widths."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def errors(given: str, read: str) -> int:
    """The edit distance of two texts."""
    row = np.arange(len(read) + 1)
    letters = np.frombuffer(read.encode("utf-32-le"), dtype=np.uint32)
    for number, character in enumerate(given, 1):
        changed = row[:-1] + (letters != ord(character))
        best = np.minimum(changed, row[1:] + 1)
        # What is put in costs one for each place: the least of all that stand before.
        steps = np.concatenate([[number], best]) - np.arange(len(read) + 1)
        row = np.minimum.accumulate(steps) + np.arange(len(read) + 1)
    return int(row[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=3, help="pages to scan")
    parser.add_argument("--dots", type=int, nargs="+", default=[150, 200, 300], help="an inch")
    parser.add_argument("--rendered", type=int, help="read at so many dots an inch")
    given = parser.parse_args()
    if given.rendered:
        ocr._SCALE = given.rendered / 72
    print("| scanned at | page | characters | wrong, lost or added | accuracy | seconds |")
    print("|---" * 6 + "|")
    with tempfile.TemporaryDirectory() as folder:
        document = pypdfium2.PdfDocument(printed(Path(folder), 4000))
        step = max(1, len(document) // given.pages)
        for dots in given.dots:
            total = wrong = 0
            for number in range(0, step * given.pages, step):
                page = document[number]
                expected = bare(page.get_textpage().get_text_range())
                data = scanned(page, dots, np.random.default_rng([dots, number]))
                started = time.perf_counter()
                read = pdf.read(data, Path("scan.pdf"), ocr=True)
                spent = time.perf_counter() - started
                missed = errors(expected, bare(read.text))
                total, wrong = total + len(expected), wrong + missed
                print(
                    f"| {dots} | {number + 1} | {len(expected)} | {missed} "
                    f"| {1 - missed / len(expected):.4f} | {spent:.1f} |",
                    flush=True,
                )
            print(f"| {dots} | all | {total} | {wrong} | {1 - wrong / total:.4f} | |", flush=True)


if __name__ == "__main__":
    main()
