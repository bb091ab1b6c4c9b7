-- What people must know is written with the change that it tells of; a dispatch is its way to one recipient.
create table webhook (
  webhook_id      uuid        primary key,
  tenant_id       uuid        not null references tenant (tenant_id),
  url             text        not null check (length(url) between 1 and 2048),
  description     text        not null default '' check (length(description) <= 200),
  kinds           text[]      not null default '{}', -- none: every kind
  state           text        not null check (state in ('ACTIVE', 'PAUSED', 'DISABLED')),
  secret          bytea       not null,              -- sealed, as is the one before it
  previous_secret bytea,
  previous_until  timestamptz,
  failing_since   timestamptz,                       -- of a row of failures without a success
  last_tried_at   timestamptz,
  last_status     int,
  last_problem    text,
  version         bigint      not null check (version > 0),
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  unique (tenant_id, webhook_id),
  check ((previous_secret is null) = (previous_until is null))
);
call kit_tenant_table('webhook');
grant select, insert, update, delete on webhook to ${svc}_app;
grant select, update on webhook to ${svc}_system;
grant select on webhook to ${svc}_platform;

-- Without a tenant: to an applicant, who has none yet. "once" keeps a keeper from telling twice.
create table notification (
  notification_id uuid        primary key,
  tenant_id       uuid        references tenant (tenant_id),
  kind            text        not null,
  resource        text        not null,
  details         text        not null check (details is json object),
  once            text        unique,
  at              timestamptz not null,
  created_at      timestamptz not null default now(),
  unique (tenant_id, notification_id)
);
create index notification_list on notification (tenant_id, notification_id desc);
create index notification_age on notification (created_at);
call kit_tenant_table('notification');
grant select, insert on notification to ${svc}_app, ${svc}_platform;
grant select, insert, delete on notification to ${svc}_system;

-- sealed: what a mail says and no table may, such as an invitation's token; gone once it is sent.
create table notification_dispatch (
  dispatch_id     uuid        primary key,
  notification_id uuid        not null references notification (notification_id) on delete cascade,
  tenant_id       uuid        references tenant (tenant_id),
  channel         text        not null check (channel in ('MAIL', 'WEBHOOK')),
  addressee       text        not null check (addressee in ('PERSON', 'ADDRESS', 'WEBHOOK')),
  recipient       text        not null check (length(recipient) between 1 and 254),
  webhook_id      uuid,
  sealed          bytea,
  state           text        not null default 'PENDING' check (state in ('PENDING', 'SENT', 'DEAD')),
  attempts        int         not null default 0,
  due_at          timestamptz not null default now(),
  last_status     int,
  problem         text,
  created_at      timestamptz not null default now(),
  sent_at         timestamptz,
  unique (notification_id, channel, recipient),
  foreign key (tenant_id, webhook_id) references webhook (tenant_id, webhook_id) on delete cascade,
  check ((channel = 'WEBHOOK') = (webhook_id is not null)),
  check ((channel = 'WEBHOOK') = (addressee = 'WEBHOOK')),
  check ((state = 'SENT') = (sent_at is not null)),
  check (sealed is null or state = 'PENDING')
);
create index notification_dispatch_due on notification_dispatch (channel, due_at) where state = 'PENDING';
create index notification_dispatch_webhook on notification_dispatch (webhook_id, dispatch_id) where webhook_id is not null;
create index notification_dispatch_state on notification_dispatch (state, dispatch_id) where state <> 'SENT';
call kit_tenant_table('notification_dispatch');
grant select, insert on notification_dispatch to ${svc}_app;
grant select, insert, update on notification_dispatch to ${svc}_platform, ${svc}_system;

create table notification_settings (
  tenant_id  uuid        primary key references tenant (tenant_id),
  language   text        not null check (language in ('KO', 'EN')),
  version    bigint      not null check (version > 0),
  updated_at timestamptz not null
);
call kit_tenant_table('notification_settings');
grant select, insert, update on notification_settings to ${svc}_app;
grant select on notification_settings to ${svc}_platform, ${svc}_system;

-- Addresses that the identity provider has verified, for installations where it cannot be asked.
create table person_address (
  subject    text        primary key check (length(subject) between 1 and 64),
  email      text        not null check (length(email) between 3 and 254),
  updated_at timestamptz not null
);
call kit_shared_table('person_address');
grant select, insert, update on person_address to ${svc}_app, ${svc}_system;
grant select on person_address to ${svc}_platform;
