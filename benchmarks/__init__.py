"""Figures for docs/understanding.md; nothing of the product imports this."""
