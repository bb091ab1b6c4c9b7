package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An auditor exports the log of all services and proves it with the launcher, offline. */
class AuditProofIT {
  private static final Path ROOT = Path.of(System.getProperty("gpucloud.root"));

  @TempDir Path folder;

  @Test
  void provesTheExportedLogAndFindsOneChangedByte() throws Exception {
    Http auditor = Product.as("auditor");
    String slug = "proof-" + UUID.randomUUID().toString().substring(0, 8);
    String tenant = open(slug);
    long number = awaitEntry(auditor, tenant);
    Path checkpoints = awaitCheckpoint(auditor, number);
    Path export =
        Files.writeString(
            folder.resolve("export.jsonl"),
            auditor.get("/admin/audit/export").expect(200).raw().body());
    Path key =
        Files.writeString(
            folder.resolve("key"),
            auditor.get("/admin/audit/public-keys").json().at("/items/0/publicKey").asText());

    Ended whole = verify(export, checkpoints, key);
    assertThat(whole.status()).as(whole.out()).isZero();
    assertThat(whole.out()).startsWith("whole: ");

    String text = Files.readString(export);
    Path changed =
        Files.writeString(folder.resolve("changed.jsonl"), text.replaceFirst(slug, "x" + slug));
    Ended different = verify(changed, checkpoints, key);
    assertThat(different.status()).as(different.out()).isEqualTo(9);
    assertThat(different.out()).contains("entry " + number);
  }

  private static String open(String slug) {
    return Product.as("platform-admin")
        .post(
            "/admin/tenants",
            """
            {"slug": "%s", "name": "Proof", "kind": "EXTERNAL", "segment": "STARTUP",
             "billingMode": "EXTERNAL", "businessNumber": "000-00-00048",
             "sharesAccountWith": "hanbit-robotics"}"""
                .formatted(slug))
        .expect(201)
        .json()
        .path("id")
        .asText();
  }

  private static long awaitEntry(Http auditor, String tenant) {
    JsonNode found =
        Product.eventually(
            () -> auditor.get("/admin/audit?action=tenant.open&target=" + tenant).json(),
            "/items/0/action",
            "tenant.open");
    return found.at("/items/0/sequence").asLong();
  }

  /** The checkpoints as the file has them, once one covers the entry. */
  private Path awaitCheckpoint(Http auditor, long number) throws IOException {
    while (true) {
      JsonNode items = auditor.get("/admin/audit/checkpoints").json().path("items");
      List<String> lines = new ArrayList<>();
      boolean covered = false;
      for (JsonNode each : items) {
        lines.add(each.toString());
        covered |= each.path("count").asLong() >= number;
      }
      if (covered) {
        return Files.write(folder.resolve("checkpoints.jsonl"), lines);
      }
    }
  }

  private record Ended(int status, String out) {}

  private Ended verify(Path export, Path checkpoints, Path key)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    ProcessBuilder process =
        new ProcessBuilder(
                ROOT.resolve("gpucloud").toString(),
                "verify",
                "audit",
                export.toString(),
                checkpoints.toString(),
                key.toString())
            .redirectOutput(out.toFile())
            .redirectErrorStream(true);
    process.environment().put("GPUCLOUD_HOME", folder.resolve("home").toString());
    Process running = process.start();
    assertThat(running.waitFor(1, TimeUnit.MINUTES)).as("it ended").isTrue();
    return new Ended(running.exitValue(), Files.readString(out));
  }
}
