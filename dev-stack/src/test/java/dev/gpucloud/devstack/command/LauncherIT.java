package dev.gpucloud.devstack.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The launcher at the root of the project, on what was just built. */
class LauncherIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path CACHE = ROOT.resolve("dev-stack/target/gpucloud.aot");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Test
  void theFirstCommandMakesACacheThatLaterOnesStartWith() throws Exception {
    Files.deleteIfExists(CACHE);
    String first = run(Map.of());
    Instant until = Instant.now().plus(PATIENCE);
    while (!Files.exists(CACHE)) {
      assertThat(Instant.now()).as("no cache was made").isBefore(until);
      Thread.sleep(100);
    }

    // without a cache that fits, this mode ends the process
    String second = run(Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on"));

    assertThat(first).startsWith("gpucloud ");
    assertThat(second).isEqualTo(first);
  }

  private static String run(Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder launcher =
        new ProcessBuilder(List.of(ROOT.resolve("gpucloud").toString(), "--version"))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    launcher.environment().putAll(environment);
    Process process = launcher.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return printed;
  }
}
