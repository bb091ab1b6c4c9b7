-- What an instance is beside its GPUs: image, keys, user data, network, InfiniBand partition, console.

-- What the driver of a site's agent says that it provides.
create table site_driver (
  site_id       text primary key references site,
  driver        text not null,
  capabilities  text[] not null,
  declared_at   timestamptz not null
);
call kit_shared_table('site_driver');
grant select on site_driver to ${svc}_app, ${svc}_platform;
grant select, insert, update on site_driver to ${svc}_system;

-- Every version that was ever offered stays: instances name the one that they were made from.
create table image (
  family        text not null check (family ~ '^[a-z0-9][a-z0-9.-]{0,62}$'),
  version       text not null check (version ~ '^[a-z0-9][a-z0-9.-]{0,30}$'),
  description   text not null,
  login_user    text not null,
  state         text not null check (state in ('ACTIVE', 'DEPRECATED', 'WITHDRAWN')),
  preferred     boolean not null default false,   -- what an instance boots that names no image
  row_version   bigint not null default 1,
  primary key (family, version)
);
create unique index image_preferred on image (preferred) where preferred;
insert into image (family, version, description, login_user, state, preferred) values
  ('ubuntu-24.04-cuda-13', '20261001', 'Ubuntu 24.04, CUDA 13, NVIDIA driver 580', 'ubuntu', 'ACTIVE', true),
  ('ubuntu-22.04-cuda-12', '20260401', 'Ubuntu 22.04, CUDA 12.8, NVIDIA driver 570', 'ubuntu', 'ACTIVE', false),
  ('rocky-9-cuda-13', '20261001', 'Rocky Linux 9, CUDA 13, NVIDIA driver 580', 'rocky', 'ACTIVE', false);
call kit_shared_table('image');
grant select on image to ${svc}_app, ${svc}_system, ${svc}_platform;
grant insert, update on image to ${svc}_platform;

-- The network of a site is cut into one network per project.
create table site_network (
  site_id        text primary key references site,
  range          cidr not null check (family(range) = 4),
  prefix_length  int not null,
  version        bigint not null default 1,
  check (prefix_length between masklen(range) and 28)
);
call kit_shared_table('site_network');
grant select on site_network to ${svc}_app, ${svc}_system, ${svc}_platform;
grant insert, update on site_network to ${svc}_platform;

create table project_network (
  tenant_id   uuid not null,
  project_id  uuid not null,
  site_id     text not null references site,
  position    int not null,
  network     cidr not null,
  primary key (project_id, site_id),
  unique (site_id, position)
);
call kit_tenant_table('project_network');
grant select on project_network to ${svc}_app, ${svc}_platform;
grant select, insert on project_network to ${svc}_system;

-- An instance keeps its address at a site until it is deleted or leaves its project.
create table private_address (
  tenant_id    uuid not null,
  instance_id  uuid not null,
  site_id      text not null references site,
  network      cidr not null,
  address      inet not null,
  primary key (instance_id, site_id),
  unique (site_id, address),
  foreign key (tenant_id, instance_id) references instance (tenant_id, id)
);
call kit_tenant_table('private_address');
grant select, delete on private_address to ${svc}_app;
grant select, insert, delete on private_address to ${svc}_system;
grant select on private_address to ${svc}_platform;

-- One partition per tenant and site; 0x7fff is the default partition of a fabric.
create table ib_partition (
  tenant_id      uuid not null,
  site_id        text not null references site,
  partition_key  int not null check (partition_key between 1 and 32766),
  primary key (tenant_id, site_id),
  unique (site_id, partition_key)
);
call kit_tenant_table('ib_partition');
grant select on ib_partition to ${svc}_app, ${svc}_platform;
grant select, insert on ib_partition to ${svc}_system;

create table instance_setup (
  tenant_id    uuid not null,
  instance_id  uuid primary key,
  ssh_keys     text not null default '[]' check (ssh_keys is json array),
  user_data    text,                               -- base64
  ingress      text not null default '[]' check (ingress is json array),
  foreign key (tenant_id, instance_id) references instance (tenant_id, id)
);
call kit_tenant_table('instance_setup');
grant select, insert, update on instance_setup to ${svc}_app, ${svc}_system;
-- User data may hold secrets: the platform's people do not read it.

create table console_tail (
  tenant_id    uuid not null,
  instance_id  uuid primary key,
  run_id       uuid not null,
  at           timestamptz not null,
  cut          boolean not null,
  text         text not null,
  foreign key (tenant_id, instance_id) references instance (tenant_id, id)
);
call kit_tenant_table('console_tail');
grant select on console_tail to ${svc}_app;
grant select, insert, update on console_tail to ${svc}_system;

-- Its orders carry a setup. False for most, so that those need no look at these tables.
alter table instance add column equipped boolean not null default false;

-- Gives instances that are placed at a site their addresses and their tenants' partition there, and
-- answers those that have any. One at a time per site; the lowest that is free.
create function prepare_runs(at_site text, ids uuid[]) returns setof uuid language plpgsql as $$
declare
  net record;
  i record;
  partitioned boolean;
  cut cidr;
  n bigint;
begin
  select range, prefix_length into net from site_network where site_id = at_site;
  select 'INFINIBAND_PARTITION' = any(capabilities) into partitioned
    from site_driver where site_id = at_site;
  if net.range is null and not coalesce(partitioned, false) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('prepare_runs ' || at_site, 0));
  for i in select id, tenant_id, project_id from instance where id = any(ids) order by id loop
    if coalesce(partitioned, false) and not exists (
        select from ib_partition p where p.tenant_id = i.tenant_id and p.site_id = at_site) then
      select k into n from generate_series(1, 32766) k
        where not exists (
          select from ib_partition p where p.site_id = at_site and p.partition_key = k)
        order by k limit 1;
      if n is null then
        raise exception 'site % has no InfiniBand partition left', at_site using errcode = 'GC001';
      end if;
      insert into ib_partition values (i.tenant_id, at_site, n);
    end if;
    if net.range is not null and not exists (
        select from private_address a where a.instance_id = i.id and a.site_id = at_site) then
      select network into cut from project_network p
        where p.project_id = i.project_id and p.site_id = at_site;
      if cut is null then
        select k into n
          from generate_series(0, (1::bigint << (net.prefix_length - masklen(net.range))) - 1) k
          where not exists (
            select from project_network p where p.site_id = at_site and p.position = k)
          order by k limit 1;
        if n is null then
          raise exception 'site % has no network left', at_site using errcode = 'GC001';
        end if;
        cut := set_masklen(
          host(net.range)::inet + (n << (32 - net.prefix_length)), net.prefix_length)::cidr;
        insert into project_network values (i.tenant_id, i.project_id, at_site, n, cut);
      end if;
      select k into n
        from generate_series(4, (1::bigint << (32 - masklen(cut))) - 2) k
        where not exists (
          select from private_address a
          where a.site_id = at_site and a.address = host(cut)::inet + k)
        order by k limit 1;
      if n is null then
        raise exception 'network % has no address left', cut using errcode = 'GC001';
      end if;
      insert into private_address values (i.tenant_id, i.id, at_site, cut, host(cut)::inet + n);
      cut := null;
    end if;
    update instance set equipped = true where id = i.id and not equipped;
    return next i.id;
  end loop;
end $$;
grant execute on function prepare_runs(text, uuid[]) to ${svc}_system;
