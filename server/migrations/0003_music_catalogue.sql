-- An artist or a track is an id of ours; what is known of it is kept apart for each origin, so that
-- everything that came from one origin can be dropped or left out without touching the rest.
create table artist (
  id uuid primary key,
  created_at timestamptz not null
);

create table artist_fact (
  artist_id uuid not null references artist (id) on delete cascade,
  origin text not null check (length(origin) between 1 and 32),
  name text not null check (length(name) between 1 and 500),
  genres text[] not null default '{}' check (cardinality(genres) <= 50),
  fetched_at timestamptz not null,
  -- Null: may be kept. Providers allow caching for a time only.
  expires_at timestamptz,
  primary key (artist_id, origin)
);
-- In the order of the sweep that deletes what has expired.
create index artist_fact_expiring on artist_fact (artist_id, origin) where expires_at is not null;

create table track (
  id uuid primary key,
  created_at timestamptz not null
);

create table track_fact (
  track_id uuid not null references track (id) on delete cascade,
  origin text not null check (length(origin) between 1 and 32),
  title text not null check (length(title) between 1 and 500),
  album text check (length(album) between 1 and 500),
  release_year smallint check (release_year between 1000 and 9999),
  duration_ms integer check (duration_ms > 0),
  fetched_at timestamptz not null,
  expires_at timestamptz,
  primary key (track_id, origin)
);
create index track_fact_expiring on track_fact (track_id, origin) where expires_at is not null;

create table track_artist (
  track_id uuid not null references track (id) on delete cascade,
  origin text not null check (length(origin) between 1 and 32),
  position smallint not null check (position between 0 and 99),
  artist_id uuid not null references artist (id),
  primary key (track_id, origin, position)
);
create index track_artist_artist on track_artist (artist_id);

-- The name under which others know an artist or a track. `name` is the digest of the folded artist
-- or artist-and-title: how a record without any id finds its own again.
create table external_id (
  entity text not null check (entity in ('artist', 'track')),
  namespace text not null check (namespace in ('isrc', 'spotify', 'youtube', 'mbid', 'name')),
  value text not null check (length(value) between 1 and 128),
  entity_id uuid not null,
  origin text not null check (length(origin) between 1 and 32),
  fetched_at timestamptz not null,
  primary key (entity, namespace, value)
);
create index external_id_entity on external_id (entity_id);
