package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.clock.BusinessClock;
import dev.gpucloud.devstack.clock.ClockMove;
import dev.gpucloud.devstack.clock.ClockReading;
import dev.gpucloud.devstack.clock.ClockRefused;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /clock}: the business clock for its participants and for whoever moves it. */
final class ClockRoutes implements ControlServer.Route {
  private static final Duration LONG_POLL = Duration.ofSeconds(20);
  private static final Duration ACKNOWLEDGEMENTS = Duration.ofSeconds(60);

  private final BusinessClock clock;

  ClockRoutes(BusinessClock clock) {
    this.clock = clock;
  }

  @Override
  public Object answer(ControlServer.Request request) throws IOException, InterruptedException {
    return switch (request.method() + " " + request.path()) {
      case "GET /clock" -> view(read(request.query()));
      case "POST /clock/acks" -> acknowledge(request);
      case "POST /clock/moves" -> view(move(request));
      default ->
          throw new ControlServer.Refusal(404, "NOT_FOUND", "No such route: " + request.path());
    };
  }

  private ClockReading read(Map<String, String> query) throws InterruptedException {
    String after = query.get("after");
    return after == null
        ? clock.await(-1, query.get("participant"), Duration.ZERO)
        : clock.await(Long.parseLong(after), query.get("participant"), LONG_POLL);
  }

  private Object acknowledge(ControlServer.Request request) {
    clock.acknowledge(
        request.body().required("participant").asText(),
        request.body().required("version").asLong());
    return view(clock.current());
  }

  private ClockReading move(ControlServer.Request request)
      throws IOException, InterruptedException {
    try {
      return clock.move(
          new ClockMove(
              mode(request.text("mode")),
              instant(request.text("advanceTo")),
              duration(request.text("advanceBy"))),
          ACKNOWLEDGEMENTS);
    } catch (ClockRefused e) {
      throw new ControlServer.Refusal(
          e.code().equals("CLOCK_MOVES_FORWARD_ONLY") ? 409 : 504, e.code(), e.getMessage());
    }
  }

  private static ClockReading.@Nullable Mode mode(@Nullable String text) {
    return text == null ? null : ClockReading.Mode.valueOf(text);
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : OffsetDateTime.parse(text).toInstant();
  }

  private static @Nullable Duration duration(@Nullable String text) {
    return text == null ? null : Duration.parse(text);
  }

  private static Map<String, Object> view(ClockReading reading) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("version", reading.version());
    view.put("mode", reading.mode());
    view.put("offsetMillis", reading.offsetMillis());
    if (reading.frozenAt() != null) {
      view.put("frozenAt", reading.frozenAt().toString());
    }
    return view;
  }
}
