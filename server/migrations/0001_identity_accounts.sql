create table user_account (
  id uuid primary key,
  email text not null check (length(email) between 3 and 254),
  password_hash text not null check (length(password_hash) <= 512),
  role text not null default 'user' check (role in ('user', 'moderator', 'admin')),
  status text not null default 'active' check (status in ('active', 'disabled')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
-- The stored address is already normalised, so equality is identity.
create unique index user_account_email on user_account (email);

-- A session is one device together with its family of refresh tokens.
create table session (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  user_agent text not null default '' check (length(user_agent) <= 400),
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  idle_expires_at timestamptz not null,
  absolute_expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text check (revoked_reason in ('logout', 'reuse', 'password_change', 'admin'))
);
create index session_by_user on session (user_id) where revoked_at is null;

-- Only digests are kept. The head of a family is its one row that is not rotated.
create table refresh_token (
  digest text primary key,
  session_id uuid not null references session (id) on delete cascade,
  issued_at timestamptz not null,
  rotated_at timestamptz
);
create unique index refresh_token_head on refresh_token (session_id) where rotated_at is null;
create index refresh_token_session on refresh_token (session_id);

create table signing_key (
  kid text primary key,
  algorithm text not null,
  public_jwk jsonb not null,
  private_jwk_sealed text not null,
  created_at timestamptz not null,
  -- From then on it signs nothing; it stays published until its tokens have died.
  retired_at timestamptz
);
create unique index signing_key_current on signing_key ((true)) where retired_at is null;
