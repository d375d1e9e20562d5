"""How well each script answers: words (Whoosh), meaning (vectors), facts, subject and name, added up."""
