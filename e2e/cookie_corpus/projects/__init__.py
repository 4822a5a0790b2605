"""Django projects with consent managers of PyPI, each run as a process of its own, with its own pinned Django.

Nothing here is imported by the rest of the corpus: `project_process` starts `python -m cookie_corpus.projects.NAME`.
"""
