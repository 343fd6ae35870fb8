"""The five source documents as given, their manifest, and labelled questions on them."""

from pathlib import Path

FOLDER = Path(__file__).parent
QUESTIONS = FOLDER / "questions.jsonl"
