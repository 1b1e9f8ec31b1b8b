"""A project served over real HTTP, for demonstration: the application as an ASGI application."""
