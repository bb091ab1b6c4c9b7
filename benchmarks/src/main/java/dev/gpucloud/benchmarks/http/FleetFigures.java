package dev.gpucloud.benchmarks.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * What the whole fleet of the scenario costs: its import with every delivery accepted, the refusal
 * of a cluster that fits nowhere, and the memory of inventory-service with all of it loaded.
 */
public final class FleetFigures {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCENARIO = "/scenario/sk-scenario.yaml";
  private static final String MODEL = "b200-sxm-180g";
  private static final String IMPOSSIBLE =
      """
      {"name":"too-large","instanceType":"b200.8x","instances":512,
       "topology":{"within":[{"level":"FABRIC","strength":"REQUIRED"}]}}""";
  private static final int RUNS = 5;
  private static final int REFUSALS_A_RUN = 20;

  private final PrintWriter out =
      new PrintWriter(
          new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8),
          true);
  private final RunningStack stack;
  private final String commit;

  private FleetFigures(RunningStack stack, String commit) {
    this.stack = stack;
    this.commit = commit;
  }

  /** Arguments: data folder of the running stack, commit. */
  public static void main(String[] args) throws Exception {
    RunningStack stack = new RunningStack(Path.of(args[0]));
    stack.requireDurable();
    new FleetFigures(stack, args[1]).measure();
  }

  private void measure() throws Exception {
    out.println("what,gpus,value,min,max,unit,fsync,synchronous_commit,persistence,load,commit");
    importAll();
    raiseQuota();
    refuse();
    memory();
  }

  /** Of a fleet, once: a second import of the same document changes nothing. */
  private void importAll() throws IOException, InterruptedException, SQLException {
    ObjectNode document = fleet();
    long before = gpus();
    long begin = System.nanoTime();
    stack.call(
        "platform-admin", "POST", "/api/v1/admin/imports/fleet", document.toString(), Map.of());
    double first = (System.nanoTime() - begin) / 1e9;
    row("import-of-%d-gpus".formatted(gpus() - before), new double[] {first}, "s");
    double[] again = new double[RUNS];
    for (int n = 0; n < RUNS; n++) {
      begin = System.nanoTime();
      stack.call(
          "platform-admin", "POST", "/api/v1/admin/imports/fleet", document.toString(), Map.of());
      again[n] = (System.nanoTime() - begin) / 1e9;
    }
    row("the-same-import-again", again, "s");
  }

  private static ObjectNode fleet() throws IOException {
    JsonNode scenario;
    try (InputStream yaml = FleetFigures.class.getResourceAsStream(SCENARIO)) {
      scenario = new YAMLMapper().readTree(yaml);
    }
    ObjectNode document = JSON.createObjectNode();
    for (String section :
        new String[] {
          "gpuModels", "sites", "deliveries", "instanceTypes", "hostShape", "csapOrder"
        }) {
      document.set(section, scenario.required(section));
    }
    document
        .required("deliveries")
        .forEach(delivery -> ((ObjectNode) delivery).put("state", "ACCEPTED"));
    return document;
  }

  private long gpus() throws SQLException {
    return Long.parseLong(stack.sql("select coalesce(sum(gpus), 0) from host"));
  }

  /** So that the fleet refuses, and not the quota. */
  private void raiseQuota() throws IOException, InterruptedException, SQLException {
    String path = "/api/v1/tenants/%s/quotas/%s".formatted(BenchPool.TENANT, MODEL);
    JsonNode quota = JSON.readTree(stack.call(BenchPool.OPERATOR, "GET", path, "", Map.of()));
    if (quota.path("limitGpus").asLong() < 8192) {
      String version = "\"%d\"".formatted(quota.path("version").asLong());
      stack.call(
          "platform-admin", "PUT", path, "{\"limitGpus\":8192}", Map.of("If-Match", version));
    }
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (stack
        .sql(
            "select count(*) from quota_usage where limit_gpus = 8192 and model_id = '%s'"
                .formatted(MODEL))
        .equals("0")) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the quota has not arrived");
      }
      Thread.sleep(100);
    }
  }

  private void refuse() throws IOException, SQLException {
    String headers = "Authorization: Bearer " + stack.token(BenchPool.OPERATOR) + "\r\n";
    double[] medians = new double[RUNS];
    double[] worst = new double[RUNS];
    try (PlainConnection connection = new PlainConnection(stack.gateway())) {
      for (int run = -2; run < RUNS; run++) {
        double[] millis = new double[REFUSALS_A_RUN];
        for (int n = 0; n < REFUSALS_A_RUN; n++) {
          millis[n] = refusal(connection, headers);
        }
        Arrays.sort(millis);
        if (run >= 0) {
          medians[run] = millis[REFUSALS_A_RUN / 2];
          worst[run] = millis[REFUSALS_A_RUN - 1];
        }
      }
    }
    row("refusal-of-512-hosts-in-one-fabric-p50", medians, "ms");
    row("refusal-of-512-hosts-in-one-fabric-max", worst, "ms");
  }

  private static double refusal(PlainConnection connection, String headers) throws IOException {
    long begin = System.nanoTime();
    PlainConnection.Answer answer =
        connection.send(
            "POST",
            "/api/v1/projects/sk-telecom.foundation-model/placements?validateOnly=true",
            headers,
            IMPOSSIBLE);
    double millis = (System.nanoTime() - begin) / 1e6;
    if (answer.status() != 409 || !answer.body().contains("INSUFFICIENT_CAPACITY")) {
      throw new IllegalStateException("not refused for want of room: " + answer);
    }
    return millis;
  }

  private void memory() throws IOException, InterruptedException, SQLException {
    double[] mib = new double[RUNS];
    for (int n = 0; n < RUNS; n++) {
      Thread.sleep(1_000);
      mib[n] = stack.residentMib("inventory-service");
    }
    row("inventory-service-resident", mib, "MiB");
  }

  private void row(String what, double[] values, String unit) throws SQLException {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    out.println(
        String.format(
            Locale.ROOT,
            "%s,%d,%.2f,%.2f,%.2f,%s,on,on,permanent,%.2f,%s",
            what,
            gpus(),
            sorted[sorted.length / 2],
            sorted[0],
            sorted[sorted.length - 1],
            unit,
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            commit));
  }
}
