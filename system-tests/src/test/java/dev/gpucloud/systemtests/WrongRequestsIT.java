package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.systemtests.fuzz.Fuzz;
import java.net.URI;
import org.junit.jupiter.api.Test;

/**
 * Wrong requests to every operation of the API: none makes a service fail or tell of its insides,
 * and every refusal is a problem. It spoils what is there, so its name keeps it the last of all
 * classes; {@code benchmarks/fuzz} sends many more.
 */
class WrongRequestsIT {
  private static final long SEED = 1;
  private static final int REQUESTS = 4_000;
  private static final double MOST_OPERATIONS = 0.9;

  @Test
  void everyRefusalIsAProblemAndNothingFails() {
    Fuzz fuzz = new Fuzz(URI.create(Product.stack().gatewayUrl()), Product.stack()::token);

    Fuzz.Result result = fuzz.run(SEED, 0, REQUESTS, done -> {});

    assertThat(result.findings()).isEmpty();
    assertThat(result.requests()).isEqualTo(REQUESTS);
    assertThat(result.asked().size())
        .as("operations that were asked")
        .isGreaterThan((int) (MOST_OPERATIONS * fuzz.operations()));
  }
}
