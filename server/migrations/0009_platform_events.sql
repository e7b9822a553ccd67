-- Events that domains append in their own transactions. Read in the order of `seq`: of two
-- transactions that lock the same thing, the one that commits first also drew first. `xid` stands
-- before it so that a transaction has its number when it draws: who waits for all smaller numbers
-- to be done then knows that no row up to a `seq` can still appear.
create table outbox_message (
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity primary key,
  id uuid not null,
  topic text not null check (char_length(topic) between 1 and 100),
  key text not null check (char_length(key) between 1 and 200),
  schema_version integer not null check (schema_version > 0),
  payload jsonb not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now()
);
create unique index outbox_message_id on outbox_message (id);
create index outbox_message_recorded_at on outbox_message (recorded_at);

-- How far each reader has come in each feed.
create table event_cursor (
  feed text not null,
  consumer text not null,
  xid xid8 not null,
  seq bigint not null,
  updated_at timestamptz not null default now(),
  primary key (feed, consumer)
);

-- Which consumer has had which event: written with the effect, so that a second delivery has none.
create table consumed_event (
  consumer text not null,
  event_id uuid not null,
  consumed_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index consumed_event_consumed_at on consumed_event (consumed_at);

-- Events that a consumer could not take, kept whole until somebody redrives or drops them.
create table dead_event (
  consumer text not null,
  event_id uuid not null,
  topic text not null,
  key text not null,
  event jsonb not null,
  error text not null check (char_length(error) <= 4000),
  attempts integer not null check (attempts > 0),
  died_at timestamptz not null default now(),
  redrive_at timestamptz,
  primary key (consumer, event_id)
);
create index dead_event_redrive_at on dead_event (redrive_at) where redrive_at is not null;
