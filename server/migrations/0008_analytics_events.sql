-- Across months no index of the partitioned table can be unique by id alone, so this one makes an
-- event's id be taken once. A row is needed for as long as its event could be sent again.
create table analytics_event_key (
  id uuid primary key,
  -- The first 16 bytes of the SHA-256 of what was sent under the id.
  digest bytea not null check (octet_length(digest) = 16),
  -- UTC.
  occurred_on date not null
);
-- Rows come nearly in the order of their days.
create index analytics_event_key_by_day on analytics_event_key using brin (occurred_on);

create sequence analytics_event_seq as bigint cache 64;

-- Written once and read in the order of (xid, seq) by whoever passes events on: its own outbox.
create table analytics_event (
  id uuid not null,
  type text not null check (length(type) between 1 and 64),
  version smallint not null check (version > 0),
  user_id uuid not null,
  -- By the client's clock, within bounds.
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  payload jsonb not null check (pg_column_size(payload) <= 16384),
  xid xid8 not null default pg_current_xact_id(),
  seq bigint not null default nextval('analytics_event_seq')
) partition by range (occurred_at);
create index analytics_event_feed on analytics_event (xid, seq);
create index analytics_event_user on analytics_event (user_id);

-- Adds the partition of a month (UTC); false when it is there. Attaching takes a lock that lets
-- inserts into other months go on, which `create table … partition of` does not.
create function analytics_event_add_month(of_day date) returns boolean
language plpgsql as $$
declare
  first_day constant date := date_trunc('month', of_day::timestamp)::date;
  next_month constant date := (first_day + interval '1 month')::date;
  partition_name constant text := 'analytics_event_' || to_char(first_day, 'YYYY_MM');
begin
  perform pg_advisory_xact_lock(hashtext('analytics_event.partitions'));
  if exists (
    select from pg_inherits
    where inhparent = 'analytics_event'::regclass and inhrelid = to_regclass(partition_name)
  ) then
    return false;
  end if;
  execute format(
    'create table %I (like analytics_event including defaults including constraints)',
    partition_name
  );
  execute format(
    'alter table analytics_event attach partition %I for values from (%L) to (%L)',
    partition_name, first_day || ' 00:00:00+00', next_month || ' 00:00:00+00'
  );
  return true;
end
$$;

-- So that the first events find their months.
select analytics_event_add_month(((now() at time zone 'UTC') + make_interval(months => months))::date)
from generate_series(-1, 2) as months;
