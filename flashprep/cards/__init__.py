"""What a card is: the model, the kinds, the parser, the rules. Pure: knows no file, clock, database or screen."""
