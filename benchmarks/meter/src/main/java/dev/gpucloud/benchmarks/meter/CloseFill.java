package dev.gpucloud.benchmarks.meter;

/** What the close finds: rows as the service's own consumers would have left them. */
final class CloseFill {
  private CloseFill() {}

  /** Parameter: accounts. Each has a tenant, and two projects use one price. */
  static final String ACCOUNTS =
      """
      insert into operator_version (version, name, business_number, imported_by)
      values (1, 'Bench', '000-00-00001', 'bench');
      insert into price_version
        (sku, version, item, gpu_model, region, purchase_class, unit, list_price_krw, class_pct,
         effective_from, imported_by)
      values ('b200-sxm-180g.on-demand.kr-ulsan', 1, 'b200-sxm-180g', 'b200-sxm-180g', 'kr-ulsan',
              'ON_DEMAND', 'GPU_HOUR', 4500, 100, '2020-01-01T00:00:00Z', 'bench');
      insert into billing_account (tenant_id, id, business_number, name, mode)
      select (lpad(to_hex(a), 8, '0') || '-0001-7000-8000-000000000000')::uuid,
             (lpad(to_hex(a), 8, '0') || '-0002-7000-8000-000000000000')::uuid,
             to_char(a, 'FM0000000000'), 'Account ' || a, 'EXTERNAL'
      from generate_series(1, %1$d) a;
      insert into account_tenant (tenant_id, account_id, slug, name)
      select tenant_id, id, 'bench-' || business_number, name from billing_account;
      insert into tenant_terms (tenant_id, effective_from, kind)
      select tenant_id, '1970-01-01T00:00:00Z', 'EXTERNAL' from billing_account;""";

  /**
   * Parameters: accounts, intervals, start of the month. Each interval is a run of an hour with the
   * five events of its life, seen alive until its stop; all came in time.
   */
  static final String USAGE =
      """
      create temp table used as
      select cast(account || '-0001-7000-8000-000000000000' as uuid) as tenant,
             cast(account || '-0003-7000-8000-00000000000' || i %% 2 as uuid) as project,
             account, i, at, at + interval '1 hour' as stop,
             cast(lpad(to_hex(cast(extract(epoch from at) * 1000 as bigint)), 12, '0') || '7'
                  || substr(md5(account || '-' || i), 1, 3) || '8'
                  || substr(md5(account || '-' || i), 4, 15) as uuid) as run,
             cast(lpad(to_hex(cast(extract(epoch from at) * 1000 as bigint)), 12, '0') || '7'
                  || substr(md5(account || '/' || i), 1, 3) || '8'
                  || substr(md5(account || '/' || i), 4, 15) as uuid) as instance
      from generate_series(1, %1$d) a, generate_series(1, %2$d) i,
           lateral (select lpad(to_hex(a), 8, '0') as account,
                    cast('%3$s' as timestamptz)
                      + make_interval(secs => (i * 7919) %% 2400000) as at) at
      order by at;
      insert into run (tenant_id, run_id, instance_id, instance_name, started_at, ended_at,
                       end_reason, last_sequence)
      select tenant, run, instance, 'bench-' || i, at, stop, 'STOPPED', 5 from used;
      insert into usage_interval
      select tenant, run, 1, at, stop, project, 'project-' || i %% 2, null,
             'b200.8x', 'b200-sxm-180g', 8, null, 'kr-ulsan-1', 'kr-ulsan', 'ON_DEMAND'
      from used;
      insert into run_heartbeat (run_id, alive_through, last_sequence) select run, stop, 5 from used;
      insert into instance_event (tenant_id, instance_id, sequence, event_id, source, type, run_id,
                                  at, time, data, received_at)
      select tenant, instance, n, run || '-' || n, '/inventory-service', type, run,
             at + make_interval(secs => after), at + make_interval(secs => after),
             json_build_object('instanceName', 'bench-' || i, 'gpus', 8, 'region', 'kr-ulsan'),
             now() - interval '1 hour'
      from used,
           (values (1, 'instance.created', -40), (2, 'instance.provisioning', -30),
                   (3, 'instance.started', 0), (4, 'instance.stopped', 3600),
                   (5, 'instance.released', 3630)) as life (n, type, after);
      insert into usage_month (tenant_id, month, told, metered, last_metered_at)
      select tenant, to_char(at at time zone 'Asia/Seoul', 'YYYY-MM'), sum(told), sum(metered),
             now() - interval '1 hour'
      from (select tenant, at + make_interval(secs => after) as at, 1 as told, metered
            from used, (values (-40, 0), (-30, 0), (0, 1), (3600, 1), (3630, 0)) as l (after, metered))
      group by 1, 2;
      drop table used;""";

  /** Parameters: start of the month, start of the next. Days that nobody looked at yet. */
  static final String DAYS =
      """
      insert into usage_day (tenant_id, day, changed_at)
      select distinct tenant_id, end_day(ended_at), now() - interval '1 hour' from run
      where ended_at > '%1$s' and ended_at <= '%2$s'""";

  /** Parameter: the month. Two persons let all of its drafts pass. */
  static final String APPROVE =
      """
      update invoice set state = 'APPROVED', submitted_by = 'bench', submitted_at = now(),
        approved_by = 'another', approved_at = now()
      where month = '%1$s'""";

  /** Parameter: the month. */
  static final String BEGIN =
      """
      insert into billing_month (month, state) values ('%1$s', 'OPEN') on conflict do nothing;
      insert into close_run (id, month, state, started_by, started_name, started_at)
      values (gen_random_uuid(), '%1$s', 'RUNNING', 'bench', 'bench', now());""";
}
