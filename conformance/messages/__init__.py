"""Messages of the React Flight profile as the suite writes and reads them, small and strict.

The suite knows no more of the format than SPEC.md chapter 10 says, and shares no code with the
reference.
"""
