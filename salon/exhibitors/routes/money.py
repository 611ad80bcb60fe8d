"""The organiser's money: prices, sales documents, payments."""
