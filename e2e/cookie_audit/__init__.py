"""Audits the cookies of one site, in both browsers, before and after consent: `python -m cookie_audit URL`.

Crawl and observe (`crawler`), judge (`judge`, pure), render (`text`, `page`, `document`).
"""
