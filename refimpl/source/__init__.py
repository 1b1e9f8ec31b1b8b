"""Chapter 2: from characters to a tree, its directives, and the errors found before running it."""
