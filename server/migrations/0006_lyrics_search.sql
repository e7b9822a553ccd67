-- What a search for a song's words found, kept for good: a page's metadata and address, or that
-- there was none. Never the words themselves.
CREATE TABLE lyrics_search (
  id uuid PRIMARY KEY,
  query_key text NOT NULL UNIQUE CHECK (length(query_key) <= 120),
  artist text NOT NULL CHECK (length(artist) <= 200),
  title text NOT NULL CHECK (length(title) <= 200),
  found boolean NOT NULL,
  provider text CHECK (length(provider) <= 50),
  provider_id text CHECK (length(provider_id) <= 100),
  url text CHECK (length(url) <= 2000),
  page_artist text CHECK (length(page_artist) <= 500),
  page_title text CHECK (length(page_title) <= 500),
  page_kind text CHECK (page_kind IN ('original', 'romanisation')),
  score double precision CHECK (score BETWEEN 0 AND 1),
  title_score double precision CHECK (title_score BETWEEN 0 AND 1),
  artist_score double precision CHECK (artist_score BETWEEN 0 AND 1),
  language text CHECK (length(language) <= 35),
  searched_at timestamptz NOT NULL,
  CONSTRAINT lyrics_search_page_is_whole CHECK (
    CASE
      WHEN found THEN num_nulls(
        provider, provider_id, url, page_artist, page_title, page_kind,
        score, title_score, artist_score
      ) = 0
      ELSE num_nonnulls(
        provider, provider_id, url, page_artist, page_title, page_kind,
        score, title_score, artist_score, language
      ) = 0
    END
  )
);
