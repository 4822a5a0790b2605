-- One statement in each paragraph. `catalog/counts.py` runs them after each `migrate`.

DROP TRIGGER IF EXISTS catalog_book_added

CREATE TRIGGER catalog_book_added AFTER INSERT ON catalog_book BEGIN
    UPDATE catalog_catalogue SET books = books + 1, version = lower(hex(randomblob(16))),
        holdings_version = lower(hex(randomblob(16)));
    INSERT INTO catalog_booksearch (rowid, search_text) VALUES (new.id, new.search_text);
END

DROP TRIGGER IF EXISTS catalog_book_removed

CREATE TRIGGER catalog_book_removed AFTER DELETE ON catalog_book BEGIN
    UPDATE catalog_catalogue SET books = books - 1, version = lower(hex(randomblob(16))),
        holdings_version = lower(hex(randomblob(16)));
    INSERT INTO catalog_booksearch (catalog_booksearch, rowid, search_text) VALUES ('delete', old.id, old.search_text);
END

DROP TRIGGER IF EXISTS catalog_book_changed

CREATE TRIGGER catalog_book_changed
AFTER UPDATE OF title, original_title, author_id, language_id, year, summary, filed_as, search_text
ON catalog_book BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_book_found_otherwise

CREATE TRIGGER catalog_book_found_otherwise AFTER UPDATE OF search_text ON catalog_book BEGIN
    INSERT INTO catalog_booksearch (catalog_booksearch, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    INSERT INTO catalog_booksearch (rowid, search_text) VALUES (new.id, new.search_text);
END

-- Lists show the views of the five most viewed books alone (`catalog.views.TOP`).
DROP TRIGGER IF EXISTS catalog_book_viewed

CREATE TRIGGER catalog_book_viewed AFTER UPDATE OF views ON catalog_book
WHEN max(old.views, new.views)
    >= coalesce((SELECT views FROM catalog_book ORDER BY views DESC LIMIT 1 OFFSET 4), 0) BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_book_more_popular

CREATE TRIGGER catalog_book_more_popular AFTER UPDATE OF views ON catalog_book
WHEN old.popularity <> new.popularity BEGIN
    UPDATE catalog_catalogue SET popularity_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_author_added

CREATE TRIGGER catalog_author_added AFTER INSERT ON catalog_author BEGIN
    UPDATE catalog_catalogue SET authors = authors + 1, version = lower(hex(randomblob(16))),
        holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_author_removed

CREATE TRIGGER catalog_author_removed AFTER DELETE ON catalog_author BEGIN
    UPDATE catalog_catalogue SET authors = authors - 1, version = lower(hex(randomblob(16))),
        holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_author_changed

CREATE TRIGGER catalog_author_changed AFTER UPDATE ON catalog_author BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_copy_added

CREATE TRIGGER catalog_copy_added AFTER INSERT ON catalog_bookinstance BEGIN
    UPDATE catalog_catalogue
    SET copies = copies + 1, available = available + (new.status = 'available'), version = lower(hex(randomblob(16))),
        holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_copy_removed

CREATE TRIGGER catalog_copy_removed AFTER DELETE ON catalog_bookinstance BEGIN
    UPDATE catalog_catalogue
    SET copies = copies - 1, available = available - (old.status = 'available'), version = lower(hex(randomblob(16))),
        holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_copy_changed

CREATE TRIGGER catalog_copy_changed AFTER UPDATE ON catalog_bookinstance BEGIN
    UPDATE catalog_catalogue
    SET available = available + (new.status = 'available') - (old.status = 'available'),
        version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_genre_given

CREATE TRIGGER catalog_genre_given AFTER INSERT ON catalog_book_genres BEGIN
    UPDATE catalog_genre SET num_books = num_books + 1 WHERE id = new.genre_id;
END

DROP TRIGGER IF EXISTS catalog_genre_taken

CREATE TRIGGER catalog_genre_taken AFTER DELETE ON catalog_book_genres BEGIN
    UPDATE catalog_genre SET num_books = num_books - 1 WHERE id = old.genre_id;
END

DROP TRIGGER IF EXISTS catalog_genre_exchanged

CREATE TRIGGER catalog_genre_exchanged AFTER UPDATE ON catalog_book_genres BEGIN
    UPDATE catalog_genre SET num_books = num_books - 1 WHERE id = old.genre_id;
    UPDATE catalog_genre SET num_books = num_books + 1 WHERE id = new.genre_id;
END

DROP TRIGGER IF EXISTS catalog_genre_added

CREATE TRIGGER catalog_genre_added AFTER INSERT ON catalog_genre BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_genre_removed

CREATE TRIGGER catalog_genre_removed AFTER DELETE ON catalog_genre BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_genre_changed

CREATE TRIGGER catalog_genre_changed AFTER UPDATE OF name, slug, num_books ON catalog_genre BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_genre_liked

CREATE TRIGGER catalog_genre_liked AFTER UPDATE OF likes ON catalog_genre BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_language_added

CREATE TRIGGER catalog_language_added AFTER INSERT ON catalog_language BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_language_removed

CREATE TRIGGER catalog_language_removed AFTER DELETE ON catalog_language BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END

DROP TRIGGER IF EXISTS catalog_language_changed

CREATE TRIGGER catalog_language_changed AFTER UPDATE ON catalog_language BEGIN
    UPDATE catalog_catalogue SET version = lower(hex(randomblob(16))), holdings_version = lower(hex(randomblob(16)));
END
