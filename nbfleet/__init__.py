"""Notebooks in batches: planned, run in processes of their own, recorded, and shown as pages.

``plan`` reads what to run, ``run`` runs what has changed, ``pages`` shows it; ``kernels`` forks warm kernels for
papermill, nbval and JupyterLab alike. What a batch has to know of the project that its notebooks belong to, it learns from
a `project.Project`.
"""
