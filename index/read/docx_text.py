"""The characters of a Word paragraph that Word shows, in order."""

import re
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# Deleted text, hidden alternatives, the reading of a character, and what is written elsewhere are
# no part of a paragraph.
_SKIPPED = frozenset(
    {
        f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{MC}Fallback", f"{W}instrText",
        f"{W}rt", f"{W}pPr", f"{W}rPr",
    }
)  # fmt: skip


def texts(element: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
    """Yield the characters of a paragraph in order."""
    stack = [element]
    while stack:
        at = stack.pop()
        if at.tag in _SKIPPED or (at.tag == f"{W}r" and _is_hidden(at)):
            continue
        if at.tag in {f"{W}t", f"{_MATH}t"}:
            yield at.text or ""
        elif at.tag in {f"{W}tab", f"{W}ptab"} and at.getparent().tag == f"{W}r":
            yield "\t"
        elif at.tag in {f"{W}br", f"{W}cr"}:
            yield "\n"
        elif at.tag == f"{W}noBreakHyphen":
            yield "-"
        elif at.tag == f"{W}sym":
            code = at.get(f"{W}char") or ""
            yield chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{2,4}", code) else ""
        stack.extend(reversed(at))


def _is_hidden(run: Any) -> bool:  # noqa: ANN401
    return is_on(run.find(f"{W}rPr/{W}vanish"))


def is_on(flag: Any) -> bool:  # noqa: ANN401
    """Whether a flag such as <w:vanish/> is there and not switched off."""
    return flag is not None and flag.get(f"{W}val") not in {"0", "false", "off", "none"}


def ends_deleted(paragraph: Any) -> bool:  # noqa: ANN401
    """Whether the end of a paragraph was deleted: the next one goes on in it."""
    return any(
        paragraph.find(f"{W}pPr/{W}rPr/{W}{kind}") is not None for kind in ("del", "moveFrom")
    )


def notes(root: Any | None) -> dict[str, str]:  # noqa: ANN401
    """The text of each footnote or endnote in ``root``, if there is one, by its id."""
    found: dict[str, str] = {}
    for note in root if root is not None else ():
        if note.get(f"{W}type") in {None, "normal"}:
            text = "".join("".join(texts(p)) for p in note.iter(f"{W}p"))
            found[note.get(f"{W}id") or ""] = text.strip()
    return found


def frames(element: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the text boxes that hang on ``element``, none that is inside another or not shown."""
    stack = list(reversed(element))
    while stack:
        at = stack.pop()
        if at.tag == f"{W}txbxContent":
            yield at
        elif at.tag not in {f"{MC}Fallback", f"{W}tbl", f"{W}del", f"{W}moveFrom"}:
            stack.extend(reversed(at))
