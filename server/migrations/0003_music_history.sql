-- Somebody whose plays are known: a user of ours, or a name in an imported history.
create table listener (
  id uuid primary key,
  user_id uuid,
  source text not null check (length(source) between 1 and 32),
  external_name text not null check (length(external_name) between 1 and 200),
  created_at timestamptz not null,
  unique (source, external_name)
);
create index listener_user on listener (user_id) where user_id is not null;

create table listen (
  listener_id uuid not null references listener (id) on delete cascade,
  listened_at timestamptz not null,
  track_id uuid not null,
  -- Decides what the play may be used for: a provider's data must not train models.
  origin text not null check (length(origin) between 1 and 32),
  primary key (listener_id, listened_at, track_id)
);
create index listen_track on listen (track_id);
