"""Chapter 3: module kinds, what a server module exports, and how specifiers find modules."""
