-- What a batch of many events tells one topic is packed: a tenth of the bytes to write, log and remove.
-- ADR 128. What is short stays text.
alter table outbox
  add column packed bytea,
  alter column events drop not null,
  add check (num_nonnulls(events, packed) = 1);
alter table outbox alter column packed set storage external;
