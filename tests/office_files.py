"""The least Word file and workbook that are whole."""

import io

import docx
import openpyxl

TEXT = "到2025年，常住人口城镇化率达到78.5%以上。"


def word() -> bytes:
    """A Word file of one paragraph, ``TEXT``."""
    out = io.BytesIO()
    made = docx.Document()
    made.add_paragraph(TEXT)
    made.save(out)
    return out.getvalue()


def workbook() -> bytes:
    """A workbook of one row."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["指标", 0.785])
    book.save(out)
    return out.getvalue()
