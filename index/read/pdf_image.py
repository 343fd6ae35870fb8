"""One page of a PDF as a picture, as a viewer shows it: rotation and crop included."""

import io
from pathlib import Path
from typing import Any

from index.errors import SourceError

# Pixels for each point: twice what a screen shows, so that small print stays sharp.
_SCALE = 2.0
# Of one picture. A poster is shown smaller rather than not at all.
_MOST_PIXELS = 4_000_000
# Bytes; a photograph that is larger as PNG is sent as JPEG.
_MOST_PNG = 700_000
_QUALITY = 80


def render(data: bytes, path: Path, number: int) -> tuple[bytes, float, float, int]:
    """Draw page ``number``, counted from 1.

    Returns:
        A PNG (or JPEG, where a PNG would be large), the width and height of the page in points,
        and how many pages the file has.

    Raises:
        SourceError: the file has no such page, or the page cannot be drawn.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"文件“{path.name}”无法打开：{error}。请重新放入原件。") from error
    try:
        if not 1 <= number <= len(pdf):
            raise SourceError(f"没有第 {number} 页：文件共 {len(pdf)} 页。")
        page = pdf[number - 1]
        width, height = page.get_width(), page.get_height()
        scale = min(_SCALE, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil()
        return _encoded(picture), width, height, len(pdf)
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"第 {number} 页无法显示：{error}。请用阅读器打开原件。") from error
    finally:
        pdf.close()


def _encoded(picture: Any) -> bytes:  # noqa: ANN401 - Pillow is loaded late
    """The picture as PNG; without its colours, where it has none."""
    from PIL import ImageChops

    picture = picture.convert("RGB")
    red, green, blue = picture.split()
    grey = all(ImageChops.difference(red, one).getbbox() is None for one in (green, blue))
    shown = red if grey else picture
    out = io.BytesIO()
    shown.save(out, "PNG", compress_level=6)
    if out.tell() > _MOST_PNG:
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
