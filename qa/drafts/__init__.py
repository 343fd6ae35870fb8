"""A draft report in; its claims matched with their sources, and the draft with footnotes out."""

from qa.drafts.check import Checking, check, checking
from qa.drafts.listed import as_markdown, as_xlsx
from qa.drafts.nouns import FLAGGED, Block, Checked, Claim, Draft, Finding, Verdict
from qa.drafts.read import FORMATS, pasted, read
from qa.drafts.written import WORDS, annotate, compared, finding_data, summary

__all__ = [
    "FLAGGED",
    "FORMATS",
    "WORDS",
    "Block",
    "Checked",
    "Checking",
    "Claim",
    "Draft",
    "Finding",
    "Verdict",
    "annotate",
    "as_markdown",
    "as_xlsx",
    "check",
    "checking",
    "compared",
    "finding_data",
    "pasted",
    "read",
    "summary",
]
