-- What stands where. Shared by all tenants; only the platform and the system change it.

create table region (
  id   text primary key
);

create table site (
  id            text primary key,
  region_id     text not null references region,
  country       text not null check (country ~ '^[A-Z]{2}$'),
  csap_zone     text not null check (csap_zone in ('none', 'low', 'medium', 'high')),
  it_power_kw   numeric(12, 3) not null check (it_power_kw > 0),
  dedicated_to  text,                       -- slug of the only tenant that may use it
  version       bigint not null default 1
);

create table hall (
  id             text primary key,
  site_id        text not null references site,
  power_kw       numeric(12, 3) not null check (power_kw > 0),
  cooling_kw     numeric(12, 3) not null check (cooling_kw > 0),
  rack_power_kw  numeric(12, 3) not null check (rack_power_kw > 0),
  version        bigint not null default 1,
  unique (site_id, id)
);

create table gpu_model (
  id                   text primary key,
  vendor               text not null,
  name                 text not null,
  memory_gib           int not null check (memory_gib > 0),
  board_power_w        int not null check (board_power_w > 0),
  memory_slices        int not null check (memory_slices in (4, 8)),
  mig_profiles         text not null,       -- comma-separated, in the vendor's order
  nvlink_domain_gpus   int not null check (nvlink_domain_gpus > 0),
  host_vcpus           int check (host_vcpus > 0),
  host_memory_gib      int check (host_memory_gib > 0),
  version              bigint not null default 1
);

create table instance_type (
  id           text primary key,
  model_id     text not null references gpu_model,
  gpus         int not null check (gpus between 0 and 8),
  mig_profile  text,
  vcpus        int not null check (vcpus > 0),
  memory_gib   int not null check (memory_gib > 0),
  version      bigint not null default 1,
  check ((gpus > 0) = (mig_profile is null))
);

create table delivery (
  id                text primary key,
  site_id           text not null references site,
  hall_id           text not null,
  model_id          text not null references gpu_model,
  hosts             int not null check (hosts > 0),
  gpus_per_host     int not null check (gpus_per_host between 1 and 8),
  hosts_per_rack    int not null check (hosts_per_rack > 0),
  racks_per_fabric  int not null check (racks_per_fabric > 0),
  host_power_kw     numeric(12, 3) not null check (host_power_kw > 0),
  due               date not null,
  state             text not null check (state in ('ORDERED', 'SHIPPED', 'DELIVERED', 'ACCEPTED')),
  version           bigint not null default 1,
  foreign key (site_id, hall_id) references hall (site_id, id)
);

-- One owner at a time holds the lease named after the pool.
create table pool (
  id        text primary key,               -- '<site>/<model>'
  site_id   text not null references site,
  model_id  text not null references gpu_model,
  epoch     bigint not null default 0,      -- of the owner that last loaded it; orders carry it
  unique (site_id, model_id)
);

create table fabric (
  id           text primary key,
  hall_id      text not null references hall,
  delivery_id  text not null references delivery
);

create table rack (
  id         text primary key,
  hall_id    text not null references hall,
  fabric_id  text not null references fabric,
  power_kw   numeric(12, 3) not null
);

create table host (
  id               uuid primary key,
  pool_id          text not null references pool,
  site_id          text not null references site,
  model_id         text not null references gpu_model,
  hall_id          text not null references hall,
  fabric_id        text not null references fabric,
  rack_id          text not null references rack,
  delivery_id      text not null references delivery,
  name             text not null unique,
  serial           text not null unique,
  gpus             int not null check (gpus between 1 and 8),
  state            text not null check (state in ('ACTIVE', 'CORDONED', 'QUARANTINED', 'RETIRED')),
  state_reason     text,
  full_mask        bigint not null,
  free_mask        bigint not null,
  vcpus            int not null,
  memory_gib       int not null,
  free_vcpus       int not null,
  free_memory_gib  int not null,
  version          bigint not null default 1,
  last_seen_at     timestamptz,
  check ((free_mask & ~full_mask) = 0),
  check (free_vcpus between 0 and vcpus),
  check (free_memory_gib between 0 and memory_gib)
);
create index host_by_pool on host (pool_id, name);
create index host_by_rack on host (rack_id);

-- GPUs follow from their host: the mask's byte says how they are used.
create view gpu with (security_invoker = true) as
  select md5(h.serial || '/' || i)::uuid as id, h.id as host_id, h.name as host_name, i as position,
         h.serial || '-G' || i as serial, h.model_id,
         ((h.free_mask >> (8 * i)) & 255)::int as free_slices_mask
  from host h cross join lateral generate_series(0, h.gpus - 1) i;

call kit_shared_table('region');
call kit_shared_table('site');
call kit_shared_table('hall');
call kit_shared_table('gpu_model');
call kit_shared_table('instance_type');
call kit_shared_table('delivery');
call kit_shared_table('pool');
call kit_shared_table('fabric');
call kit_shared_table('rack');
call kit_shared_table('host');

grant select on region, site, hall, gpu_model, instance_type, delivery, pool, fabric, rack, host, gpu
  to ${svc}_app, ${svc}_system, ${svc}_platform;
grant insert, update on region, site, hall, gpu_model, instance_type, delivery, pool, fabric, rack, host
  to ${svc}_platform;
grant update on host, pool to ${svc}_system;
