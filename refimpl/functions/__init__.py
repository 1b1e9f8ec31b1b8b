"""Chapter 4: which functions become server functions, what they capture, what is refused."""
