-- What binds is the ceiling: the limit, or what is guaranteed with what may be borrowed when that is
-- less. Computed when the quota changes, never when a count does. ADR 0086.
alter table quota_usage
  add column guaranteed_gpus int check (guaranteed_gpus >= 0),
  add column borrow_limit_gpus int check (borrow_limit_gpus >= 0),
  add column ceiling_gpus int generated always as
    (least(limit_gpus, guaranteed_gpus + borrow_limit_gpus)) stored;
