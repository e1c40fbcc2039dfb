"""The bridge to Anki: packages out."""
