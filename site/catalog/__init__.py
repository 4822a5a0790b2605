"""The library's catalogue: authors, books, genres, languages and the copies on the shelves."""
