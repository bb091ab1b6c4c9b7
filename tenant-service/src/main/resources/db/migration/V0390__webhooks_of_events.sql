-- A webhook may be told events of the event stream beside what people are told.
alter table webhook add column events text[] not null default '{}'; -- types and families; none: no event

-- A dispatch brings a notification, or an event that it carries itself: nobody but programs is told of that.
alter table notification_dispatch alter column notification_id drop not null;
alter table notification_dispatch
  add column event_id text,
  add column event_type text,
  add column event_at timestamptz,
  add column event text;                              -- a CloudEvent in JSON
alter table notification_dispatch add unique (webhook_id, event_id);
alter table notification_dispatch add check (
  (event_id is null) = (notification_id is not null)
  and num_nulls(event_id, event_type, event_at, event) in (0, 4));
create index notification_dispatch_event_age on notification_dispatch (created_at) where event_id is not null;
grant delete on notification_dispatch to ${svc}_system;
