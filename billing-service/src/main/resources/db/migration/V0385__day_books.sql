-- How many events a tenant's months have, counted as they come: whether something changed, or came late, or is
-- missing is asked of a row a month instead of the events. Written last in the transaction that keeps the events.
create table usage_month (
  tenant_id uuid not null,
  month text not null,
  told bigint not null,             -- all events stamped in it
  metered bigint not null,          -- those that start, change or end a run
  last_metered_at timestamptz,      -- when the newest of them came
  primary key (tenant_id, month)
) with (fillfactor = 70);

-- Runs that ended on a Seoul day, its first instant excluded and its last included, as their month's invoice charges
-- for them. Whatever changes one of them counts the version up; a book holds for the version it was made of.
create function end_day(ended_at timestamptz) returns date language sql stable parallel safe as
  $$ select cast((ended_at - interval '1 microsecond') at time zone 'Asia/Seoul' as date) $$;
create table usage_day (
  tenant_id uuid not null,
  day date not null,
  version bigint not null default 1,
  changed_at timestamptz not null default now(),
  looked bigint,                    -- the version that was looked at last
  booked boolean not null default false,
  runs int not null default 0,
  silent int not null default 0,    -- runs that no agent ever reported
  rows bytea,                       -- their rated rows, see RowsDocument
  primary key (tenant_id, day)
) with (fillfactor = 70);
alter table usage_day alter column rows set storage external;
create index usage_day_to_look_at on usage_day (day, tenant_id) where looked is distinct from version;

create table usage_day_line (
  tenant_id uuid not null,
  day date not null,
  ordinal int not null,
  project_id uuid not null,
  sku text not null,
  price_version text not null,
  unit_krw text not null,           -- won a unit and hour after all factors, a fraction
  unit_millis bigint not null,
  basis text not null,              -- what the price rests on, see PriceBasis
  last_use text collate "C" not null, -- in the order of time, see DayBookRepository
  primary key (tenant_id, day, ordinal),
  foreign key (tenant_id, day) references usage_day (tenant_id, day)
);

-- Which books an invoice rests on, and their rows as they were.
alter table rated_rows
  add column day_tenants uuid[] not null default '{}',
  add column days date[] not null default '{}',
  add column day_versions bigint[] not null default '{}',
  add column day_documents bytea;
alter table rated_rows alter column day_documents set storage external;
alter table rated_rows alter column document set storage external;

alter table instance_event no force row level security;
insert into usage_month (tenant_id, month, told, metered, last_metered_at)
select tenant_id, to_char(at at time zone 'Asia/Seoul', 'YYYY-MM'), count(*),
       count(*) filter (where m), max(received_at) filter (where m)
from (select tenant_id, at, received_at,
             type in ('instance.started', 'instance.moved', 'instance.resized', 'instance.stopped') as m
      from instance_event) e
group by 1, 2;
alter table instance_event force row level security;

alter table run no force row level security;
insert into usage_day (tenant_id, day, changed_at)
select distinct tenant_id, end_day(ended_at), now()
from run where ended_at is not null;
alter table run force row level security;

drop index instance_event_metered;

-- Intervals are made anew, never changed. Who changes one by hand takes the book of its day away.
create function outdate_day() returns trigger language plpgsql as $$
begin
  update usage_day d set version = d.version + 1, changed_at = now()
  from run r where r.run_id = new.run_id and d.tenant_id = r.tenant_id and d.day = end_day(r.ended_at);
  return null;
end $$;
create trigger outdates_day after update on usage_interval for each row execute function outdate_day();

call kit_tenant_table('usage_month');
call kit_tenant_table('usage_day');
call kit_tenant_table('usage_day_line');
grant select, insert, update on usage_month, usage_day to ${svc}_system;
grant select on usage_month to ${svc}_platform;
grant select, update on usage_day to ${svc}_platform;
grant select, insert, delete on usage_day_line to ${svc}_platform;
