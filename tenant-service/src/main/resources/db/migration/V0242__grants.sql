-- Grant programmes: a call with a pool, applications, reviews, awards. ADR 0087.
create table grant_call (
  id                 uuid        primary key,
  slug               text        not null unique check (slug ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(slug) between 3 and 40),
  name               text        not null check (length(name) between 1 and 120),
  state              text        not null check (state in ('OPEN', 'PROPOSED', 'CONFIRMED')),
  apply_until        timestamptz not null,
  window_from        timestamptz not null,
  window_to          timestamptz not null,
  customer_share_pct int         not null check (customer_share_pct between 0 and 100),
  accept_days        int         not null check (accept_days between 1 and 365),
  min_use_pct        int         not null check (min_use_pct between 0 and 100), -- 0: use is not looked at
  use_window_days    int         not null check (use_window_days between 1 and 365),
  notice_days        int         not null check (notice_days between 1 and 365),
  rules              text        not null check (rules is json object),
  proposed_by        text,
  confirmed_by       text,
  version            bigint      not null check (version > 0),
  created_by         text        not null,
  created_at         timestamptz not null,
  check (window_from < window_to)
);

-- What is given of each model; the last word on "never above the pool".
create table grant_pool (
  call_id uuid not null references grant_call (id),
  model   text not null check (model ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  gpus    int  not null check (gpus > 0),
  given   int  not null default 0,
  primary key (call_id, model),
  constraint grant_pool_holds check (given between 0 and gpus)
);

create table grant_reviewer (
  call_id  uuid not null references grant_call (id),
  subject  text not null check (length(subject) between 1 and 64),
  name     text not null check (length(name) between 1 and 120),
  added_by text not null,
  primary key (call_id, subject)
);

create table grant_application (
  id              uuid        primary key,
  call_id         uuid        not null references grant_call (id),
  tenant_id       uuid        references tenant (tenant_id), -- null: applied without a tenant
  subject         text        not null,                      -- who applied
  applicant       text        not null check (length(applicant) between 1 and 120),
  business_number text        check (business_number ~ '^[0-9]{3}-[0-9]{2}-[0-9]{5}$'),
  category        text        not null check (category in ('ENTERPRISE', 'STARTUP', 'ACADEMIA', 'RESEARCH', 'GOVERNMENT')),
  regional        boolean     not null,
  model           text        not null,
  asked_gpus      int         not null check (asked_gpus > 0),
  min_gpus        int         not null check (min_gpus between 1 and asked_gpus),
  purpose         text        not null check (length(purpose) between 1 and 4000),
  state           text        not null check (state in ('SUBMITTED', 'WITHDRAWN', 'AWARDED', 'REFUSED')),
  rank            int,
  points_millis   bigint,
  explanation     text,
  version         bigint      not null check (version > 0),
  created_at      timestamptz not null,
  foreign key (call_id, model) references grant_pool (call_id, model),
  check (tenant_id is not null or business_number is not null)
);
create index grant_application_call on grant_application (call_id, id);
create index grant_application_tenant on grant_application (tenant_id, id) where tenant_id is not null;

create table grant_review (
  application_id uuid        not null references grant_application (id),
  call_id        uuid        not null,
  reviewer       text        not null,
  points         int         not null check (points between 0 and 100),
  comment        text        check (length(comment) between 1 and 4000),
  created_at     timestamptz not null,
  primary key (application_id, reviewer),
  foreign key (call_id, reviewer) references grant_reviewer (call_id, subject)
);

create table grant_award (
  id             uuid        primary key,
  call_id        uuid        not null references grant_call (id),
  application_id uuid        not null references grant_application (id),
  tenant_id      uuid        references tenant (tenant_id), -- null until the applicant has a tenant
  model          text        not null,
  gpus           int         not null check (gpus > 0),
  state          text        not null check (state in ('PROPOSED', 'OFFERED', 'ACCEPTED', 'ACTIVE', 'NOTICED', 'ENDED', 'DECLINED', 'LAPSED', 'CLAWED_BACK')),
  accept_by      timestamptz,
  raised_gpus    int         not null default 0 check (raised_gpus >= 0), -- of the tenant's limit
  measured_from  timestamptz,
  noticed_at     timestamptz,
  used_pct       int         check (used_pct between 0 and 100),
  explanation    text        not null,
  decided_by     text,
  version        bigint      not null check (version > 0), -- the ETag and the sequence of its event
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  foreign key (call_id, model) references grant_pool (call_id, model)
);
create unique index grant_award_standing on grant_award (application_id)
  where state in ('PROPOSED', 'OFFERED', 'ACCEPTED', 'ACTIVE', 'NOTICED');
create index grant_award_call on grant_award (call_id, id);
create index grant_award_tenant on grant_award (tenant_id, id) where tenant_id is not null;
create index grant_award_due on grant_award (id) where state in ('OFFERED', 'ACCEPTED', 'ACTIVE', 'NOTICED');

-- Money given with an expiry, as told to billing.
create table credit_grant (
  id         uuid        primary key,
  tenant_id  uuid        not null references tenant (tenant_id),
  name       text        not null check (length(name) between 1 and 63),
  amount_krw bigint      not null check (amount_krw > 0),
  expires    date        not null,
  reason     text        not null check (length(reason) between 1 and 1000),
  created_by text        not null,
  created_at timestamptz not null,
  unique (tenant_id, name)
);

call kit_shared_table('grant_call');
call kit_shared_table('grant_pool');
call kit_shared_table('grant_reviewer');
call kit_shared_table('grant_review');
call kit_tenant_table('grant_application');
call kit_tenant_table('grant_award');
call kit_tenant_table('credit_grant');
grant select on grant_call, grant_pool, grant_application, grant_award, credit_grant to ${svc}_app;
grant insert, update on grant_application to ${svc}_app;
grant select, insert, update on grant_call, grant_pool, grant_reviewer, grant_application to ${svc}_platform;
grant select, insert on grant_review, credit_grant to ${svc}_platform;
grant select, insert, update, delete on grant_award to ${svc}_platform;
-- The keeper gives, ends and takes back without anybody's request.
grant select on grant_call, grant_application to ${svc}_system;
grant update on grant_application to ${svc}_system;
grant select, update on grant_pool to ${svc}_system;
grant select, insert, update on grant_award, quota to ${svc}_system;
grant update on grant_call to ${svc}_system; -- to lock its row
