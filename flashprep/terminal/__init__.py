"""What the user sees: the only room that imports rich, draws screens and reads keys."""
