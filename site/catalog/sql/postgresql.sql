-- One statement in each paragraph. `catalog/counts.py` runs them after each `migrate`.
-- Triggers for each statement, not for each row: a row that one transaction updates a thousand times is slow to read.

CREATE OR REPLACE FUNCTION catalog_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_catalogue SET version = replace(gen_random_uuid()::text, '-', ''),
        holdings_version = replace(gen_random_uuid()::text, '-', '');
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_liked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_catalogue SET version = replace(gen_random_uuid()::text, '-', '');
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_rows_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_catalogue SET
        books = books + (TG_TABLE_NAME = 'catalog_book')::int * (SELECT count(*) FROM added),
        authors = authors + (TG_TABLE_NAME = 'catalog_author')::int * (SELECT count(*) FROM added),
        version = replace(gen_random_uuid()::text, '-', ''),
        holdings_version = replace(gen_random_uuid()::text, '-', '');
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_rows_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_catalogue SET
        books = books - (TG_TABLE_NAME = 'catalog_book')::int * (SELECT count(*) FROM removed),
        authors = authors - (TG_TABLE_NAME = 'catalog_author')::int * (SELECT count(*) FROM removed),
        version = replace(gen_random_uuid()::text, '-', ''),
        holdings_version = replace(gen_random_uuid()::text, '-', '');
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_copies_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_catalogue SET
        copies = copies + (SELECT count(*) FROM added),
        available = available + (SELECT count(*) FROM added WHERE status = 'available'),
        version = replace(gen_random_uuid()::text, '-', ''),
        holdings_version = replace(gen_random_uuid()::text, '-', '');
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_copies_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_catalogue SET
        copies = copies - (SELECT count(*) FROM removed),
        available = available - (SELECT count(*) FROM removed WHERE status = 'available'),
        version = replace(gen_random_uuid()::text, '-', ''),
        holdings_version = replace(gen_random_uuid()::text, '-', '');
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_copies_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_catalogue SET
        available = available + (SELECT count(*) FROM added WHERE status = 'available')
            - (SELECT count(*) FROM removed WHERE status = 'available'),
        version = replace(gen_random_uuid()::text, '-', ''),
        holdings_version = replace(gen_random_uuid()::text, '-', '');
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_genres_given() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_genre SET num_books = num_books + given.number
    FROM (SELECT genre_id, count(*) AS number FROM added GROUP BY genre_id) AS given WHERE id = given.genre_id;
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_genres_taken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_genre SET num_books = num_books - taken.number
    FROM (SELECT genre_id, count(*) AS number FROM removed GROUP BY genre_id) AS taken WHERE id = taken.genre_id;
    RETURN NULL;
END $$

CREATE OR REPLACE FUNCTION catalog_genres_exchanged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE catalog_genre SET num_books = num_books
        + (SELECT count(*) FROM added WHERE genre_id = catalog_genre.id)
        - (SELECT count(*) FROM removed WHERE genre_id = catalog_genre.id)
    WHERE id IN (SELECT genre_id FROM added UNION SELECT genre_id FROM removed);
    RETURN NULL;
END $$

-- Lists show the views of the five most viewed books alone (`catalog.views.TOP`).
CREATE OR REPLACE FUNCTION catalog_book_viewed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF greatest(old.views, new.views)
        >= coalesce((SELECT views FROM catalog_book ORDER BY views DESC LIMIT 1 OFFSET 4), 0) THEN
        UPDATE catalog_catalogue SET version = replace(gen_random_uuid()::text, '-', '');
    END IF;
    IF old.popularity <> new.popularity THEN
        UPDATE catalog_catalogue SET popularity_version = replace(gen_random_uuid()::text, '-', '');
    END IF;
    RETURN NULL;
END $$

CREATE OR REPLACE TRIGGER catalog_book_added AFTER INSERT ON catalog_book
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog_rows_added()

CREATE OR REPLACE TRIGGER catalog_book_removed AFTER DELETE ON catalog_book
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION catalog_rows_removed()

CREATE OR REPLACE TRIGGER catalog_book_changed
AFTER UPDATE OF title, original_title, author_id, language_id, year, summary, filed_as, search_text ON catalog_book
FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed()

CREATE OR REPLACE TRIGGER catalog_book_viewed AFTER UPDATE OF views ON catalog_book
FOR EACH ROW EXECUTE FUNCTION catalog_book_viewed()

CREATE OR REPLACE TRIGGER catalog_author_added AFTER INSERT ON catalog_author
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog_rows_added()

CREATE OR REPLACE TRIGGER catalog_author_removed AFTER DELETE ON catalog_author
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION catalog_rows_removed()

CREATE OR REPLACE TRIGGER catalog_author_changed AFTER UPDATE ON catalog_author
FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed()

CREATE OR REPLACE TRIGGER catalog_copy_added AFTER INSERT ON catalog_bookinstance
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog_copies_added()

CREATE OR REPLACE TRIGGER catalog_copy_removed AFTER DELETE ON catalog_bookinstance
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION catalog_copies_removed()

CREATE OR REPLACE TRIGGER catalog_copy_changed AFTER UPDATE ON catalog_bookinstance
REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog_copies_changed()

CREATE OR REPLACE TRIGGER catalog_genre_given AFTER INSERT ON catalog_book_genres
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog_genres_given()

CREATE OR REPLACE TRIGGER catalog_genre_taken AFTER DELETE ON catalog_book_genres
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION catalog_genres_taken()

CREATE OR REPLACE TRIGGER catalog_genre_exchanged AFTER UPDATE ON catalog_book_genres
REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalog_genres_exchanged()

CREATE OR REPLACE TRIGGER catalog_genre_changed AFTER INSERT OR UPDATE OF name, slug, num_books OR DELETE
ON catalog_genre
FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed()

CREATE OR REPLACE TRIGGER catalog_genre_liked AFTER UPDATE OF likes ON catalog_genre
FOR EACH STATEMENT EXECUTE FUNCTION catalog_liked()

CREATE OR REPLACE TRIGGER catalog_language_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_language
FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed()
