"""One space for titles and people: towers over field encodings, trained on credits and on partial, misspelt
rows.
"""
