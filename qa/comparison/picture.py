"""A chart as a PNG without a browser: the SVG of :mod:`qa.comparison.drawing`, by resvg."""

from functools import lru_cache
from pathlib import Path

from index import InputError
from qa.comparison.board import Board
from qa.comparison.drawing import svg
from qa.words import CHINESE, Words

# Two characters that every Chinese font has, and that look alike only where none is found.
_PROBES = ("济", "南")
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text y="20" font-size="20">{}</text></svg>'
_ZOOM = 2.0


def png_bytes(board: Board, font: Path | None = None, say: Words = CHINESE) -> bytes:
    """Return the chart as a PNG, twice as large as on a page.

    Args:
        board: what is drawn.
        font: a font file with Chinese characters; those of the system, when None.
        say: the language of titles and legend.

    Raises:
        InputError: resvg is not installed, no font has Chinese, or there is nothing to draw.
    """
    drawn = svg(board, say=say, alone=True)
    if not drawn:
        raise InputError("没有可以画图的数值：所选的地区和年份，规划都没有载明。")
    if not _has_chinese(font):
        where = f"字体文件“{font}”里没有中文字形" if font else "这台机器上没有中文字体"
        raise InputError(
            f"{where}，画出的字会是空白，因此没有画。请安装中文字体（例如 Debian："
            "apt install fonts-noto-cjk），或用 --font 指定一个字体文件。"
        )
    return _render(drawn, font)


@lru_cache(maxsize=8)
def _has_chinese(font: Path | None) -> bool:
    one, other = (_render(_PROBE.format(probe), font) for probe in _PROBES)
    return one != other


def _render(drawn: str, font: Path | None) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise InputError(
            '画成 PNG 需要 resvg-py。请安装：pip install "guiwen[report]"，或在网页中下载。'
        ) from error
    files = [str(font)] if font else None
    return svg_to_bytes(
        svg_string=drawn, zoom=_ZOOM, font_files=files, skip_system_fonts=font is not None
    )
