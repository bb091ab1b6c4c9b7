package dev.gpucloud.benchmarks.meter;

import dev.gpucloud.benchmarks.measured.MeasuredDatabase;
import dev.gpucloud.benchmarks.measured.Throughput;
import dev.gpucloud.contracts.event.Topics;
import dev.gpucloud.contracts.id.Ids;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of instances that run once, from creation to release, and waits until the
 * service's own consumer has kept all of them, without repetition, and tiled their runs. Then sends
 * a part of them again, which must change nothing. Prints CSV.
 */
@Singleton
public class MeteringBenchmark implements QuarkusApplication {
  private static final List<String> LIFE =
      List.of(
          "instance.created",
          "instance.provisioning",
          "instance.started",
          "instance.stopped",
          "instance.released");
  private static final int INSTANCES_AT_A_TIME = 500;
  private static final int REPEATED = 10_000;
  private static final String FACT =
      """
      {"instanceId":"ins_%s","runId":"run_%s","tenantId":"ten_%s","projectId":"prj_%s",\
      "tenantSlug":"bench","projectSlug":"training","instanceName":"bench-%d",\
      "instanceType":"b200.8x","gpuModel":"b200-sxm-180g","gpus":8,"gpuSlices":0,\
      "site":"kr-ulsan-1","region":"kr-ulsan","purchaseClass":"ON_DEMAND","state":"%s",\
      "at":"%s"}""";

  private final Map<String, Object> kafka;
  private final UUID tenant = Ids.next();
  private final UUID project = Ids.next();
  private final PrintWriter out =
      new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  MeteringBenchmark(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    this.kafka = kafka;
  }

  /** Arguments: {@code metering}, events a run, the commit measured. */
  @Override
  public int run(String... args) throws Exception {
    int instances = Integer.parseInt(args[1]) / LIFE.size();
    int events = instances * LIFE.size();
    var settings = new HashMap<String, Object>(kafka);
    settings.put("sasl.jaas.config", System.getenv("DURABLE_PRODUCER_JAAS"));
    settings.put("acks", "all");
    settings.put("linger.ms", 5);
    try (var database =
            new MeasuredDatabase(
                System.getenv("DURABLE_JDBC_URL"), System.getenv("DURABLE_ADMIN_PASSWORD"));
        var producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      database.requireDurable();
      String row =
          new Throughput("metering", events, args[2])
              .row(
                  database,
                  run -> {
                    String last = send(producer, run, instances);
                    return () -> areKept(database, last);
                  });
      requireWhole(database);
      repeat(producer, database, instances);
      out.println(Throughput.HEADER);
      out.println(row);
      return 0;
    }
  }

  /** A partition is read in order, so the last event of each is kept last. */
  private static boolean areKept(MeasuredDatabase database, String ids) throws Exception {
    return database
        .value(
            """
            select count(*) = cardinality(string_to_array('%1$s', ',')) from inbox
            where consumer = 'main' and source = '/inventory-service'
              and id = any (string_to_array('%1$s', ','))"""
                .formatted(ids))
        .equals("t");
  }

  /**
   * The instances of some hundred run at the same time, so their events are mixed. Answers the ids
   * of the last event of each partition, separated by commas.
   */
  private String send(KafkaProducer<String, String> producer, int run, int instances) {
    Map<Integer, String> last = new ConcurrentHashMap<>();
    var refused = new AtomicReference<@Nullable Exception>();
    for (int from = 0; from < instances; from += INSTANCES_AT_A_TIME) {
      for (int step = 0; step < LIFE.size(); step++) {
        for (int n = from; n < Math.min(instances, from + INSTANCES_AT_A_TIME); n++) {
          String id = id(run, n, step);
          producer.send(
              record(run, n, step),
              (at, failure) -> last.put(at == null ? -1 : at.partition(), id));
        }
      }
    }
    producer.flush();
    if (refused.get() != null) {
      throw new IllegalStateException(refused.get());
    }
    return String.join(",", last.values());
  }

  private static String id(int run, int n, int step) {
    return new UUID((long) run << 32 | step, n).toString();
  }

  private ProducerRecord<String, String> record(int run, int n, int step) {
    UUID instance = new UUID(0x0199_0000_0000_7000L + run, 0x8000_0000_0000_0000L + n);
    UUID runId = new UUID(0x0199_0000_0001_7000L + run, 0x8000_0000_0000_0000L + n);
    String at = Instant.parse("2026-11-02T00:00:00Z").plusSeconds(n + 3600L * step).toString();
    String key = "ins_" + instance;
    var record =
        new ProducerRecord<>(
            Topics.INSTANCES,
            key,
            FACT.formatted(instance, runId, tenant, project, n, LIFE.get(step), at));
    Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            id(run, n, step),
            "ce_source",
            "/inventory-service",
            "ce_type",
            LIFE.get(step),
            "ce_subject",
            key,
            "ce_time",
            at,
            "ce_tenantid",
            "ten_" + tenant,
            "ce_sequence",
            Integer.toString(step + 1))
        .forEach(
            (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  /** Every event once, every run with one interval of an hour, nothing parked or put aside. */
  private static void requireWhole(MeasuredDatabase database) throws Exception {
    String wrong =
        database.value(
            """
            select (select count(*) from inbox where consumer = 'main')
                     - (select count(*) from instance_event)
                 + (select count(*) from instance_event) - 5 * (select count(*) from run)
                 + (select count(*) from usage_interval) - (select count(*) from run)
                 + (select count(*) from usage_interval
                    where end_at is distinct from start_at + interval '1 hour')
                 + (select count(*) from parked_event) + (select count(*) from quarantined_event)""");
    if (!wrong.equals("0")) {
      throw new IllegalStateException("the rows do not add up: " + wrong);
    }
  }

  /** Events that come again are known for ever. */
  private void repeat(
      KafkaProducer<String, String> producer, MeasuredDatabase database, int instances)
      throws Exception {
    send(producer, 0, Math.min(instances, REPEATED / LIFE.size()));
    String last = send(producer, Integer.MAX_VALUE, 1);
    while (!areKept(database, last)) {
      Thread.sleep(10);
    }
    requireWhole(database);
  }
}
