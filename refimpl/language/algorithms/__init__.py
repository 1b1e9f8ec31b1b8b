"""Algorithms of ECMA-262 that need no object and no realm: text in, value out.

Every function here is pure and knows only Python values (`float`, `int`, `str` of UTF-16 code
units), so each can be tested against an independent oracle.
"""
