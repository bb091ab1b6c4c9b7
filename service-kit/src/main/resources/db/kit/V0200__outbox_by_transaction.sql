-- A row is all that one transaction tells one topic, in order: a JSON array as text, never compressed.
-- Nobody searches it; the relay reads a row, sends its events and removes it. ADR 0075.
alter table outbox add column events text, add column count int not null default 1;
alter table outbox alter column events set storage external;
update outbox set events = json_build_array(json_strip_nulls(json_build_object(
    'id', id, 'key', key, 'type', type, 'subject', subject, 'tenant', tenant_id, 'sequence', sequence,
    'time', to_char(time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'traceparent', traceparent,
    'data', data::text)))::text;
alter table outbox alter column events set not null, alter column count drop default,
  drop column id, drop column key, drop column type, drop column subject, drop column tenant_id,
  drop column sequence, drop column time, drop column traceparent, drop column data;

-- Found by the hash of scope and key: sixteen bytes instead of two long texts in every index entry.
-- By rewriting the table: an update would see no row, because row-level security holds for its owner too.
alter table idempotency add column id uuid;
alter table idempotency alter column id type uuid
  using encode(substring(sha256(convert_to(scope || '|' || key, 'UTF8')) for 16), 'hex')::uuid;
alter table idempotency drop constraint idempotency_pkey, add primary key (id);
