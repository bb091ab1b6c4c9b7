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
   * Parameters: accounts, intervals, start of the month, its number. Each interval is a run of an
   * hour with its start and its stop, seen alive until then; all came in time.
   */
  static final String USAGE =
      """
      create temp table used as
      select lpad(to_hex(a), 8, '0') as account, i,
             cast('%3$s' as timestamptz) + make_interval(secs => (i * 7919) %% 2400000) as at
      from generate_series(1, %1$d) a, generate_series(1, %2$d) i;
      insert into run (tenant_id, run_id, instance_id, instance_name, started_at, ended_at,
                       end_reason, last_sequence)
      select (account || '-0001-7000-8000-000000000000')::uuid,
             (account || '-0%4$d05-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
             (account || '-0%4$d04-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
             'bench-' || i, at, at + interval '1 hour', 'STOPPED', 2
      from used;
      insert into usage_interval
      select (account || '-0001-7000-8000-000000000000')::uuid,
             (account || '-0%4$d05-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
             1, at, at + interval '1 hour',
             (account || '-0003-7000-8000-00000000000' || i %% 2)::uuid, 'project-' || i %% 2, null,
             'b200.8x', 'b200-sxm-180g', 8, null, 'kr-ulsan-1', 'kr-ulsan', 'ON_DEMAND'
      from used;
      insert into run_heartbeat (run_id, alive_through, last_sequence)
      select (account || '-0%4$d05-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
             at + interval '1 hour', 2
      from used;
      insert into instance_event (tenant_id, instance_id, sequence, event_id, source, type, run_id,
                                  at, time, data, received_at)
      select (account || '-0001-7000-8000-000000000000')::uuid,
             (account || '-0%4$d04-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
             n, account || '-%4$d-' || i || '-' || n, '/inventory-service',
             case n when 1 then 'instance.started' else 'instance.stopped' end,
             (account || '-0%4$d05-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
             at + make_interval(hours => n - 1), at + make_interval(hours => n - 1),
             json_build_object('instanceName', 'bench-' || i, 'gpus', 8, 'region', 'kr-ulsan'),
             now() - interval '1 hour'
      from used, generate_series(1, 2) n;
      drop table used;""";

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
