-- A volume is DELETED once its site said that it is gone; until then its order is sent again when
-- it is due (system clock). What was deleted before this is told to its site now.
alter table volume
  add column order_sequence bigint not null default 0,
  add column order_due_at timestamptz;
alter table volume drop constraint volume_state_check, drop constraint volume_check1;
alter table volume no force row level security;
update volume set state = 'DELETING', order_sequence = 1, order_due_at = to_timestamp(0)
where state = 'DELETED';
alter table volume force row level security;
alter table volume
  add check (state in ('AVAILABLE', 'IN_USE', 'DELETING', 'DELETED')),
  add check (not boot or instance_id is not null or state in ('DELETING', 'DELETED')),
  add check ((state = 'DELETING') = (order_due_at is not null));
create index volume_order_due on volume (order_due_at) where order_due_at is not null;
