-- Both are written once and read back whole: kept as the text they came in, checked, not taken apart.
alter table outbox alter column data type json using data::json;
alter table idempotency alter column headers type json using headers::json;
-- A generated UUIDv7; readers know repeated events by it, here nobody looks one up.
alter table outbox drop constraint outbox_id_key;
