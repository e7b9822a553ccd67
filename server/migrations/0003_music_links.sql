-- A user's account at a provider. The id is new with every link, so that nothing kept under an
-- earlier link (a cache, say) can be met again.
create table provider_account (
  id uuid primary key,
  user_id uuid not null,
  provider text not null check (length(provider) between 1 and 32),
  account_id text not null check (length(account_id) between 1 and 255),
  display_name text check (length(display_name) between 1 and 200),
  scope text[] not null,
  access_token_sealed text not null,
  refresh_token_sealed text not null,
  access_expires_at timestamptz not null,
  -- When the user agreed: refresh tokens age from here, whatever is refreshed since.
  authorized_at timestamptz not null,
  state text not null check (state in ('active', 'relink', 'revoked')),
  -- While it lies ahead, one process is asking the provider for a new token.
  renewing_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint provider_account_one_owner unique (provider, account_id),
  constraint provider_account_one_each unique (user_id, provider)
);

-- A link that was begun and not finished: taken out by the callback, once.
create table link_attempt (
  state_digest text primary key,
  user_id uuid not null,
  session_id uuid not null,
  provider text not null check (length(provider) between 1 and 32),
  browser_digest text not null,
  verifier_sealed text not null,
  return_to text not null check (length(return_to) between 1 and 500),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index link_attempt_expiry on link_attempt (expires_at);

-- The last top list that a provider gave: served while the provider does not answer.
create table top_snapshot (
  user_id uuid not null,
  provider text not null check (length(provider) between 1 and 32),
  kind text not null check (kind in ('tracks', 'artists')),
  time_range text not null check (time_range in ('short_term', 'medium_term', 'long_term')),
  item_ids uuid[] not null,
  fetched_at timestamptz not null,
  primary key (user_id, provider, kind, time_range)
);
-- Whether any list still shows a track or an artist.
create index top_snapshot_items on top_snapshot using gin (item_ids);
