create table user_profile (
  user_id uuid primary key,
  display_name text not null default '' check (length(display_name) <= 100),
  -- BCP 47 tags, the most wanted first.
  preferred_languages text[] not null default '{}' check (cardinality(preferred_languages) <= 10),
  updated_at timestamptz not null
);
