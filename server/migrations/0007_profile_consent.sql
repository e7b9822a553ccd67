-- Append-only: a user's last row for a purpose is what holds, the earlier ones say what held when.
create table user_consent (
  id bigint generated always as identity primary key,
  user_id uuid not null,
  purpose text not null check (purpose in ('analytics', 'training')),
  granted boolean not null,
  changed_at timestamptz not null
);
create index user_consent_latest on user_consent (user_id, purpose, id desc);
