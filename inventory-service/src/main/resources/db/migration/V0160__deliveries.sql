-- Deliveries on their way: what was promised, who moved them, which hosts they bring.

alter table delivery
  add column promised      date not null,      -- the first due date ever given
  add column declared_due  date not null,      -- as the last import said; another one is a slip
  add column delivered_at  timestamptz,        -- business clock
  add column note          text;

alter table gpu_model                              -- what a burn-in must reach
  add column min_gemm_tflops             numeric(12, 3) check (min_gemm_tflops > 0),
  add column min_memory_gb_per_second    numeric(12, 3) check (min_memory_gb_per_second > 0),
  add column min_nccl_bus_gb_per_second  numeric(12, 3) check (min_nccl_bus_gb_per_second > 0);

create table delivery_history (
  delivery_id   text not null references delivery,
  version       bigint not null,
  event         text not null check (event in
                  ('IMPORTED', 'CHANGED', 'SHIPPED', 'DELIVERED', 'ACCEPTED', 'SLIPPED')),
  state         text not null,
  due           date not null,
  reason        text,
  actor         text not null,
  at            timestamptz not null,          -- business clock
  recorded_at   timestamptz not null default clock_timestamp(),
  primary key (delivery_id, version)
);

-- Hosts that the vendor announced by serial; the others of a delivery are numbered by us.
create table expected_host (
  serial       text primary key,
  delivery_id  text not null references delivery,
  position     int not null check (position >= 0),
  name         text unique,
  rack_id      text,
  fabric_id    text,
  unique (delivery_id, position)
);

alter table host
  add column power_kw     numeric(12, 3) not null default 0,  -- nameplate
  add column accepted_at  timestamptz,                        -- business clock
  add column accepted_by  text check (accepted_by in ('IMPORT', 'BURN_IN')),
  add column draws        boolean generated always as
                            (accepted_at is not null and state <> 'RETIRED') stored,
  add constraint host_accepted_check check
    (accepted_at is not null
     or state in ('EXPECTED', 'DISCOVERED', 'ACCEPTING', 'QUARANTINED', 'RETIRED'));
create index host_by_delivery on host (delivery_id);

-- Nameplate power is booked where an accepted host stands until it is retired. The checks hold
-- however many hosts are accepted at once; locks go from rack to hall to site.
alter table rack add column booked_kw numeric(12, 3) not null default 0,
  add constraint rack_power check (booked_kw <= power_kw);
alter table hall add column booked_kw numeric(12, 3) not null default 0,
  add constraint hall_power check (booked_kw <= power_kw and booked_kw <= cooling_kw);
alter table site add column booked_kw numeric(12, 3) not null default 0,
  add constraint site_power check (booked_kw <= it_power_kw);

create function book_power(of_rack text, of_hall text, of_site text, kw numeric) returns void
language sql as $$
  update rack set booked_kw = booked_kw + kw where id = of_rack;
  update hall set booked_kw = booked_kw + kw where id = of_hall;
  update site set booked_kw = booked_kw + kw where id = of_site;
$$;

create function host_changes_power() returns trigger language plpgsql as $$
begin
  perform book_power(new.rack_id, new.hall_id, new.site_id,
                     case when new.draws then new.power_kw else - new.power_kw end);
  return null;
end $$;
create trigger host_changes_power after update of state, accepted_at on host
  for each row when (old.draws is distinct from new.draws) execute function host_changes_power();

create function hosts_bring_power() returns trigger language plpgsql as $$
begin
  update rack r set booked_kw = booked_kw + n.kw
    from (select rack_id, sum(power_kw) as kw from arrived where draws group by rack_id) n
    where r.id = n.rack_id;
  update hall h set booked_kw = booked_kw + n.kw
    from (select hall_id, sum(power_kw) as kw from arrived where draws group by hall_id) n
    where h.id = n.hall_id;
  update site s set booked_kw = booked_kw + n.kw
    from (select site_id, sum(power_kw) as kw from arrived where draws group by site_id) n
    where s.id = n.site_id;
  return null;
end $$;
create trigger hosts_bring_power after insert on host
  referencing new table as arrived for each statement execute function hosts_bring_power();

-- Hosts on their way into service: what the site's agent shall do with each, and when it was last
-- told so (system clock). Orders are repeated until they are answered.
create table host_intake (
  host_id          uuid primary key references host,
  site_id          text not null references site,
  desired          text check (desired in ('SEEN', 'BURNED_IN')),   -- null: nothing is asked
  order_sequence   bigint not null default 1,
  order_due_at     timestamptz not null default '-infinity',
  report_sequence  bigint not null default 0                        -- of the newest look at it
);
create index host_intake_due on host_intake (order_due_at) where desired is not null;

call kit_shared_table('host_intake');
call kit_shared_table('delivery_history');
call kit_shared_table('expected_host');
grant select on delivery_history, expected_host, host_intake to ${svc}_app, ${svc}_system, ${svc}_platform;
grant insert on delivery_history to ${svc}_platform;
grant insert, update on host_intake to ${svc}_system, ${svc}_platform;
grant insert, update, delete on expected_host to ${svc}_platform;
grant update on rack, hall, site to ${svc}_system;
