-- One row a round over all active users, so that a round that was cut off goes on where it was.
create table reco_precompute (
  id uuid primary key,
  started_at timestamptz not null,
  -- The last user looked at, in the order of their ids; null before the first.
  after_user_id uuid,
  users integer not null default 0 check (users >= 0),
  lists integer not null default 0 check (lists >= 0),
  -- Of the users, those for whom nothing could be made.
  skipped integer not null default 0 check (skipped >= 0),
  updated_at timestamptz not null,
  finished_at timestamptz
);

create unique index reco_precompute_one_unfinished on reco_precompute ((true))
  where finished_at is null;
