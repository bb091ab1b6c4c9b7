-- Whole milliseconds of an instant, as before. A body of immutable parts only is inlined where it is called, and floating
-- point is exact enough: it is off by less than a quarter of a microsecond, and what is cut off is a multiple of one.
create or replace function millis(t timestamptz) returns bigint language sql immutable parallel safe as
  $$ select floor(date_part('epoch', t - timestamptz '1970-01-01T00:00:00Z') * 1000 + 0.0005)::bigint $$;
