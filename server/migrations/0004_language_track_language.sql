create table track_language (
  track_id uuid primary key,
  status text not null check (status in ('detected', 'unknown')),
  -- BCP 47; the main language when detected.
  tag text check (length(tag) between 2 and 35),
  -- Of the best guess, told or not.
  confidence double precision not null check (confidence between 0 and 1),
  -- [{tag, confidence}]: what the track is sung in; the best guesses, even when none is told.
  languages jsonb not null,
  ranked jsonb not null,
  -- [{source, value, weight}]
  evidence jsonb not null,
  detector_version text not null check (length(detector_version) <= 100),
  detected_at timestamptz not null,
  check ((status = 'detected') = (tag is not null))
);

create index track_language_by_tag on track_language (tag, confidence desc, track_id)
  where tag is not null;

create table language_sweep (
  detector_version text primary key check (length(detector_version) <= 100),
  -- The last track looked at; null before the first and when the sweep has reached the end.
  after_track_id uuid,
  updated_at timestamptz not null
);
