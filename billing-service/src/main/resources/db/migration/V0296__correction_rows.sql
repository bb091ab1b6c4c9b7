-- Below a correction stand the rows that it takes back, negated, and those that it puts in their place.
alter table rated_row
  drop constraint rated_row_billed_millis_check,
  drop constraint rated_row_padding_millis_check;

-- A fraction as text with its sign turned.
create function turned(fraction text) returns text language sql immutable parallel safe as
  $$ select case when fraction = '0' then '0'
                 when fraction like '-%' then substr(fraction, 2)
                 else '-' || fraction end $$;
