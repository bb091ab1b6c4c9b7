package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./gpucloud rate} as a user calls it: through the launcher, without a running stack. */
class RateIT {
  private static final Path ROOT = Path.of(System.getProperty("gpucloud.root"));
  private static final Path EXAMPLE = ROOT.resolve("docs/rate/examples/09-tiers-graduated");

  @TempDir Path folder;

  private record Ended(int status, String out, String err) {}

  private Ended rate(Path prices) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ROOT.resolve("gpucloud").toString(),
                "rate",
                "--prices",
                prices.toString(),
                "--events",
                EXAMPLE.resolve("events.jsonl").toString(),
                "--account",
                "acme",
                "--month",
                "2026-09"));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder process =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    process.environment().put("GPUCLOUD_HOME", folder.resolve("home").toString());
    Process running = process.start();
    assertThat(running.waitFor(1, TimeUnit.MINUTES)).as("it ended").isTrue();
    return new Ended(running.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void printsWhatAMonthComesTo() throws Exception {
    Ended ended = rate(EXAMPLE.resolve("prices.yaml"));

    assertThat(ended.status()).as(ended.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(ended.out());
    assertThat(result.at("/supplyValue/amount").asText()).isEqualTo("22080000");
    assertThat(result.at("/total/amount").asText()).isEqualTo("24288000");
  }

  @Test
  void namesWhatIsWrongAndEndsWithTwo() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "accounts: [{mode: GIFT}]\n");

    Ended ended = rate(wrong);

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("/accounts/0/accountId: must be given", "/accounts/0/mode");
  }
}
