"""What becomes of an evaluation: statistics, comparison, report, labels, tuning."""
