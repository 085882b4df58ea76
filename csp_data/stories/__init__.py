"""What each page tells: from a release and a question to charts, tables of words and sentences. A file a page.

Knows nothing of a browser, so that the same story can be told on a page, on a slide and in print. Nothing is worked out
here: it asks ``analysis`` for finished tables and hands them to ``figures``.
"""
