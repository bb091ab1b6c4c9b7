package dev.gpucloud.billing.reconciliation;

import dev.gpucloud.billing.reconciliation.engine.Life;
import dev.gpucloud.contracts.id.InstanceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of one run. */
final class Known {
  @Nullable UUID tenant;
  @Nullable InstanceId instance;
  String name = "";
  @Nullable Instant seen;
  Life life = Life.UNKNOWN;
  boolean goesBeyond;
  final List<Metered> metered = new ArrayList<>(1);

  void tell(String steps) {
    for (String step : steps.split(" ")) {
      life =
          life.with(
              step(step.charAt(0)),
              Instant.ofEpochMilli(Long.parseLong(step, 1, step.length(), 10)));
    }
  }

  private static Life.Step step(char code) {
    return switch (code) {
      case 'O' -> Life.Step.ORDERED;
      case 'S' -> Life.Step.STARTED;
      case 'X' -> Life.Step.STOPPED;
      case 'R' -> Life.Step.RELEASED;
      default -> throw new IllegalArgumentException("step " + code);
    };
  }

  /** Events before or after the month may say more than those in it. */
  boolean isWhole() {
    return tenant != null && !goesBeyond && life.orderedAt() != null && life.stoppedAt() != null;
  }

  /** A usage interval. */
  record Metered(Instant start, @Nullable Instant end) {}
}
