-- The lake's table of contents: an object that is not listed here as live is no part of the lake.
-- No place in the feed is kept: a restored database numbers its events anew.
create table lake_file (
  id uuid primary key,
  path text not null unique check (char_length(path) <= 480),
  event_type text not null check (char_length(event_type) between 1 and 64),
  -- UTC.
  event_date date not null,
  row_count integer not null check (row_count > 0),
  size_bytes bigint not null check (size_bytes > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- A Bloom filter of the users in it, to find what an erasure must rewrite.
  users bytea not null,
  state text not null default 'live' check (state in ('live', 'replaced')),
  created_at timestamptz not null default now(),
  -- From when on the object of a file that was replaced may go: until then somebody may be reading it.
  delete_after timestamptz,
  check ((state = 'replaced') = (delete_after is not null))
);
create index lake_file_live on lake_file (event_type, event_date) where state = 'live';
create index lake_file_delete_after on lake_file (delete_after) where state = 'replaced';

-- Whose events, received until when, the lake must not hold.
create table lake_erasure (
  user_id uuid primary key,
  erased_at timestamptz not null
);
