package dev.gpucloud.benchmarks.http;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * A pool of its own in the running product: hosts of eight GPUs of a model that nobody else uses,
 * made through the fleet import, and the part of the agents, who are not on this machine.
 */
final class BenchPool {
  private static final String SITE = "kr-ulsan-1";
  private static final String MODEL = "bench-gpu";
  static final String TENANT = "sk-telecom";
  static final String OPERATOR = "sk-telecom-operator";
  static final String INSTANCES = "/api/v1/projects/sk-telecom.foundation-model/instances";

  private final RunningStack stack;
  private final int hosts;
  private String since = "infinity";

  BenchPool(RunningStack stack, int hosts) {
    this.stack = stack;
    this.hosts = hosts;
  }

  static String type(int gpus) {
    return MODEL + "." + gpus + "x";
  }

  int hosts() {
    return hosts;
  }

  /** Imports the hosts, lets the tenant hold them all, and waits until both have arrived. */
  void create() throws IOException, InterruptedException, SQLException {
    stack.call("platform-admin", "POST", "/api/v1/admin/imports/fleet", fleet(), Map.of());
    if (stack.sql(limits()).equals("0")) {
      limit();
    }
    await("the quota has not arrived", limits(), "1");
    await(
        "the pool is not owned",
        "select count(*) from pool where id = '%s/%s' and epoch > 0".formatted(SITE, MODEL),
        "1");
  }

  /** Where quotas are set the new model is heard of some time after its import. */
  private void limit() throws IOException, InterruptedException {
    String quota = "/api/v1/tenants/%s/quotas/%s".formatted(TENANT, MODEL);
    String body = "{\"limitGpus\":%d}".formatted(8 * hosts);
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try {
        stack.call("platform-admin", "PUT", quota, body, Map.of("If-Match", "\"0\""));
        return;
      } catch (IOException e) {
        boolean unheard = e.getMessage().contains("UNKNOWN_REFERENCE");
        if (!unheard || System.nanoTime() - until > 0) {
          throw e;
        }
        Thread.sleep(200);
      }
    }
  }

  private static String limits() {
    return "select count(*) from quota_usage where model_id = '%s' and limit_gpus > 0"
        .formatted(MODEL);
  }

  private String fleet() {
    return """
    {"gpuModels":[{"id":"%2$s","vendor":"NVIDIA","name":"%2$s","memoryGib":180,"boardPowerW":100,
       "nvlinkDomainGpus":8,"migProfiles":["1g.23gb","2g.45gb","3g.90gb","7g.180gb"]}],
     "sites":[{"id":"%1$s","region":"kr-ulsan","country":"KR","itPowerMw":200,"csapZone":"medium",
       "halls":[{"id":"bench-h1","powerKw":90000,"coolingKw":90000,"rackPowerKw":60}]}],
     "deliveries":[{"id":"bench-hosts","site":"%1$s","hall":"bench-h1","model":"%2$s","hosts":%3$d,
       "gpusPerHost":8,"hostsPerRack":4,"racksPerFabric":64,"due":"2026-01-01","state":"ACCEPTED",
       "hostPowerKw":1}],
     "instanceTypes":[{"id":"%2$s.1x","model":"%2$s","gpus":1,"vcpus":28,"memoryGib":224},
       {"id":"%2$s.8x","model":"%2$s","gpus":8,"vcpus":224,"memoryGib":1792}],
     "hostShape":{"%2$s":{"vcpus":224,"memoryGib":1792}}}"""
        .formatted(SITE, MODEL, hosts);
  }

  long heldGpus() throws SQLException {
    return Long.parseLong(
        stack.sql(
            "select coalesce(sum(bit_count(mask::bit(64))), 0)::bigint / 8 from allocation where pool_id = '%s/%s' and state <> 'RELEASED'"
                .formatted(SITE, MODEL)));
  }

  /** The agents report that all runs, so that nothing is sent to them again. */
  void allRun() throws SQLException {
    stack.sql(
        """
        update instance set state = 'RUNNING', observed = 'RUNNING', started_at = created_at
        where model_id = '%s' and state = 'PENDING'"""
            .formatted(MODEL));
  }

  /** What is placed from now on is to be released. */
  void mark() throws SQLException {
    since = stack.sql("select clock_timestamp()");
  }

  /** The tenant deletes what it placed since the mark, the agents prove it, the owner frees it. */
  void release() throws SQLException, InterruptedException {
    stack.sql(
        """
        with due as (
          select a.id, a.instance_id from allocation a
          where a.pool_id = '%s/%s' and a.state = 'HELD' and a.held_from >= '%s'
        ), deleting as (
          update instance i set state = 'DELETING', reason = 'DELETE_REQUESTED',
            desired = 'ABSENT', sequence = i.sequence + 1, version = i.version + 1
          from due where i.id = due.instance_id
          returning i.tenant_id, i.id, i.sequence, i.run_id
        ), history as (
          insert into instance_history
            (tenant_id, instance_id, sequence, event_type, state, reason, run_id, actor, at)
          select tenant_id, id, sequence, 'instance.deleting', 'DELETING', 'DELETE_REQUESTED',
            run_id, 'benchmark', now()
          from deleting
        )
        update allocation a set proof_at = now() from due where a.id = due.id"""
            .formatted(SITE, MODEL, since));
    await(
        "the owner has not freed what is proven",
        """
        select count(*) from allocation
        where pool_id = '%s/%s' and state <> 'RELEASED' and proof_at is not null"""
            .formatted(SITE, MODEL),
        "0");
  }

  private void await(String otherwise, String sql, String wanted)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!stack.sql(sql).equals(wanted)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(otherwise);
      }
      Thread.sleep(100);
    }
  }
}
