package dev.gpucloud.benchmarks.auditlog;

import dev.gpucloud.benchmarks.measured.MeasuredDatabase;
import dev.gpucloud.benchmarks.measured.Throughput;
import dev.gpucloud.contracts.event.Topics;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.common.annotation.Identifier;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends entries to Kafka and waits until the service's own consumer has linked all of them into the
 * chain; prints one line of CSV. The time runs from the first send to the last commit, and the CPU
 * of the JVM includes the sending.
 */
@QuarkusMain
public class AuditBenchmark implements QuarkusApplication {
  private static final String ENTRY =
      """
      {"at":"2026-11-02T01:02:03.000456Z","service":"inventory-service","category":"CHANGE",\
      "actor":{"kind":"USER","subject":"8f14e45f-ceea-467f-9575-e1c1d4f7a2f0",\
      "username":"bench-operator"},"sourceAddress":"203.0.113.7","requestId":"%s",\
      "action":"instance.created","target":{"type":"instance","id":"ins_%s",\
      "tenant":"ten_01a20158-0300-796c-b390-50cdf4b4e19a"},"after":{"name":"bench-%d",\
      "projectId":"prj_01a20158-0300-796c-b390-50cdf4b4e19a","state":"PENDING"},\
      "result":"DONE","count":1}""";

  private final Map<String, Object> kafka;
  private final PrintWriter out =
      new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  AuditBenchmark(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    this.kafka = kafka;
  }

  /** Arguments: entries a run, the commit measured. */
  @Override
  public int run(String... args) throws Exception {
    int entries = Integer.parseInt(args[0]);
    var settings = new HashMap<String, Object>(kafka);
    settings.put("acks", "all");
    settings.put("linger.ms", 5);
    try (var database =
            new MeasuredDatabase(
                System.getenv("DURABLE_JDBC_URL"), System.getenv("DURABLE_ADMIN_PASSWORD"));
        var producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      database.requireDurable();
      String row =
          new Throughput("audit-log", entries, args[1])
              .row(
                  database,
                  run -> {
                    long before = linked(database);
                    send(producer, entries);
                    return () -> linked(database) >= before + entries;
                  });
      requireWhole(database);
      out.println(Throughput.HEADER);
      out.println(row);
      return 0;
    }
  }

  private static void send(KafkaProducer<String, String> producer, int entries) {
    for (int n = 0; n < entries; n++) {
      producer.send(record(n));
    }
    producer.flush();
  }

  private static long linked(MeasuredDatabase database) throws Exception {
    return Long.parseLong(database.value("select coalesce(max(sequence), 0) from audit_entry"));
  }

  /** What was measured must be a chain without a hole and everything said once. */
  private static void requireWhole(MeasuredDatabase database) throws Exception {
    String holes = database.value("select max(sequence) - count(*) from audit_entry");
    String unsaid =
        database.value(
            "select (select count(*) from audit_entry) - (select count(*) from audit_content)");
    if (!holes.equals("0") || !unsaid.equals("0")) {
      throw new IllegalStateException("the chain has holes: " + holes + ", " + unsaid);
    }
  }

  private static ProducerRecord<String, String> record(int n) {
    String id = UUID.randomUUID().toString();
    var record = new ProducerRecord<>(Topics.AUDIT_ENTRIES, id, ENTRY.formatted(id, id, n));
    Map.of(
            "ce_specversion", "1.0",
            "ce_id", id,
            "ce_source", "/inventory-service",
            "ce_type", "audit.recorded",
            "ce_subject", "instance.created",
            "ce_time", "2026-11-02T01:02:03.000456Z",
            "ce_sequence", "1")
        .forEach(
            (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return record;
  }
}
