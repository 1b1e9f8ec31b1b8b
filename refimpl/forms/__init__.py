"""Chapter 8: forms, submitted by a program or by the browser alone."""
