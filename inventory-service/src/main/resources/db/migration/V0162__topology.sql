-- Labels and changes of what stands where, and versions of what is sold.

alter table site add column labels text not null default '{}' check (labels is json object);
alter table hall add column labels text not null default '{}' check (labels is json object);
alter table rack add column labels text not null default '{}' check (labels is json object),
  add column version bigint not null default 1;
alter table host add column labels text not null default '{}' check (labels is json object);

create table topology_history (
  kind         text not null check (kind in ('site', 'hall', 'rack', 'host')),
  id           text not null,
  version      bigint not null,
  changes      text not null check (changes is json object),
  reason       text not null,
  actor        text not null,
  at           timestamptz not null,           -- business clock
  recorded_at  timestamptz not null default clock_timestamp(),
  primary key (kind, id, version)
);

-- What an instance type was at each version; instances keep what they were created with.
create table instance_type_version (
  type_id     text not null references instance_type,
  version     bigint not null,
  vcpus       int not null,
  memory_gib  int not null,
  actor       text not null,
  at          timestamptz not null,            -- business clock
  primary key (type_id, version)
);

-- GPUs joined by NVLink: neighbours in a rack, as many as a domain of their model holds.
create view nvlink_domain with (security_invoker = true) as
  select rack_id || '-n' || domain as id, rack_id, hall_id, site_id, fabric_id, model_id,
         count(*)::int as hosts, sum(gpus)::int as gpus,
         sum(case when state = 'ACTIVE' and free_mask = full_mask then 1 else 0 end)::int as hosts_free
  from (select h.rack_id, h.hall_id, h.site_id, h.fabric_id, h.model_id, h.gpus, h.state,
               h.free_mask, h.full_mask, greatest(m.nvlink_domain_gpus / h.gpus, 1) as size,
               (row_number() over (partition by h.rack_id order by h.name) - 1)
                 / greatest(m.nvlink_domain_gpus / h.gpus, 1) + 1 as domain
        from host h join gpu_model m on m.id = h.model_id) placed
  where size > 1
  group by rack_id, domain, hall_id, site_id, fabric_id, model_id;

call kit_shared_table('topology_history');
call kit_shared_table('instance_type_version');
grant select on topology_history, instance_type_version, nvlink_domain to ${svc}_system, ${svc}_platform;
grant insert on topology_history, instance_type_version to ${svc}_platform;
