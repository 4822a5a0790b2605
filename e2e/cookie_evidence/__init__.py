"""What a run leaves for a sceptic: one page with a row for each promise and a column for each kind of browser.

`observing` looks into the browsers of one test, `matrix` judges, `document` and `page` write it down, `plugin` wires.
"""
