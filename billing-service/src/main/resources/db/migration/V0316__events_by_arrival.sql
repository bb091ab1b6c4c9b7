-- Whose budgets are to be looked at: events lie in the order in which they came, so that ranges of
-- pages are enough of an index and taking events over costs nothing more.
create index instance_event_arrival on instance_event using brin (received_at)
  with (pages_per_range = 16, autosummarize = on);
