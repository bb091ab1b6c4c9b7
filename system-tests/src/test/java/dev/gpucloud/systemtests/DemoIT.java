package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./gpucloud demo} as a user plays it, with and without a service dying on the way. */
class DemoIT {
  private static final Pattern TOTAL = Pattern.compile("\"recomputedTotal\"\\s*:\\s*\"?([0-9]+)");
  private static final String PLAIN_TOTAL = "2280960";
  private static final String HALF_TOTAL = "1140480";

  @BeforeAll
  static void theStackRuns() {
    assertThat(Product.stack().gatewayUrl()).isNotBlank();
  }

  @Test
  void billsTheSameWonEveryTime() throws Exception {
    assertThat(totalOf(demo("--hours", "32"))).isEqualTo(PLAIN_TOTAL);
    assertThat(totalOf(demo("--hours", "32"))).isEqualTo(PLAIN_TOTAL);
  }

  @Test
  void argumentsChangeWhatIsBilled() throws Exception {
    String half = demo("--hours", "16");
    String granted =
        demo("--tenant", "daehan-univ", "--type", "b200.mig-3g", "--count", "3", "--hours", "10");

    assertThat(totalOf(half)).isEqualTo(HALF_TOTAL);
    assertThat(granted).contains("b200.mig-3g", "\"quantity\" : \"25\"");
    assertThat(totalOf(granted)).as("a grant pays all of it").isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant-service@create",
        "inventory-service@stop",
        "billing-service@draft",
        "gateway@boot",
        "site-agent@boot"
      })
  void aKilledServiceChangesNothing(String kill) throws Exception {
    assertThat(totalOf(demo("--hours", "32", "--kill", kill))).isEqualTo(PLAIN_TOTAL);
  }

  private static String totalOf(String output) {
    Matcher total = TOTAL.matcher(output);
    String last = "";
    while (total.find()) {
      last = total.group(1);
    }
    return last;
  }

  private static String demo(String... arguments) throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("gpucloud.root"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dgpucloud.root=" + root,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gpucloud.devstack.command.GpucloudMain",
                "demo",
                "-o",
                "json"));
    command.addAll(List.of(arguments));
    File log = Files.createTempFile(root.resolve("system-tests/target"), "demo", ".log").toFile();
    ProcessBuilder process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
    process.environment().put("GPUCLOUD_HOME", root.resolve("target/shared-stack").toString());
    process.environment().put("NO_COLOR", "1");
    Process running = process.start();
    boolean ended = running.waitFor(6, TimeUnit.MINUTES);
    String output = Files.readString(log.toPath(), StandardCharsets.UTF_8);
    if (!ended) {
      running.destroyForcibly();
      throw new AssertionError("the demo did not end: " + output);
    }
    assertThat(running.exitValue()).as(output).isZero();
    return output;
  }
}
