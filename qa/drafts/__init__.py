"""A draft report in; its claims matched with their sources, and the draft with footnotes out."""

from qa.drafts.check import check
from qa.drafts.nouns import FLAGGED, Block, Checked, Claim, Draft, Finding, Verdict
from qa.drafts.read import FORMATS, read
from qa.drafts.written import annotate, finding_data, summary

__all__ = [
    "FLAGGED",
    "FORMATS",
    "Block",
    "Checked",
    "Claim",
    "Draft",
    "Finding",
    "Verdict",
    "annotate",
    "check",
    "finding_data",
    "read",
    "summary",
]
