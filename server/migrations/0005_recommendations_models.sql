create table reco_model (
  id uuid primary key,
  -- Of the software that trained it.
  version text not null check (length(version) between 1 and 50),
  algorithm text not null check (length(algorithm) between 1 and 50),
  object_key text not null check (length(object_key) <= 500),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null check (size_bytes > 0),
  manifest jsonb not null,
  status text not null check (status in ('active', 'retired')),
  created_at timestamptz not null,
  sequence bigint generated always as identity
);

create unique index reco_model_one_active on reco_model (status) where status = 'active';
create index reco_model_newest on reco_model (status, sequence desc);

create table recommendation_cache (
  user_id uuid not null,
  -- Primary language subtag.
  lang text not null check (length(lang) between 2 and 8),
  -- Of the user's linked account: a list made from another link is never served.
  link_generation text not null check (length(link_generation) between 1 and 100),
  recommendations jsonb not null,
  model_version text not null check (length(model_version) <= 100),
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (user_id, lang)
);
