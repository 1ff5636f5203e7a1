"""Verbs of the analysis: tidy frames with units in their column names, covered years complete, breaks marked.

One module a field; `rvdata` offers the verbs themselves. Nothing here draws or displays.
"""
