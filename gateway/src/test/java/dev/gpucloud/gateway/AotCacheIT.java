package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AOT cache of the packaged gateway, as the building of an image makes and uses it. */
class AotCacheIT {
  private static final Path JAR =
      Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void aRehearsalMakesACacheThatTheGatewayStartsWith() throws Exception {
    Path cache = folder.resolve("gateway.aot");

    rehearse("-XX:AOTCacheOutput=" + cache);
    assertThat(cache).exists();

    // without a cache that fits, this mode ends the process
    rehearse("-XX:AOTMode=on", "-XX:AOTCache=" + cache);
  }

  private void rehearse(String... options) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "rehearsal", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", JAR.toString(), Rehearsal.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(() -> read(log)).isZero();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
