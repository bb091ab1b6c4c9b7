package dev.gpucloud.agent.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.gpucloud.agent.engine.Observation;
import dev.gpucloud.agent.engine.SiteEngine;
import dev.gpucloud.agent.engine.Snapshot;
import dev.gpucloud.agent.fixture.HandDriver;
import dev.gpucloud.agent.fixture.ManualClock;
import dev.gpucloud.agent.fixture.Orders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  @TempDir Path folder;

  @Test
  void isEmptyAtFirst() {
    try (StateFile file = StateFile.open(folder, "kr-ulsan-1", json)) {
      assertThat(file.read()).isEmpty();
    }
  }

  @Test
  void readsBackAllThatWasWritten() {
    Snapshot state = aState("kr-ulsan-1");
    try (StateFile file = StateFile.open(folder, "kr-ulsan-1", json)) {
      file.write(Snapshot.empty("kr-ulsan-1"));
      file.write(state);
    }
    try (StateFile file = StateFile.open(folder, "kr-ulsan-1", json)) {
      assertThat(file.read()).contains(state);
    }
  }

  @Test
  void aDraftLeftByACrashIsIgnored() throws IOException {
    Snapshot state = aState("kr-ulsan-1");
    try (StateFile file = StateFile.open(folder, "kr-ulsan-1", json)) {
      file.write(state);
      Files.writeString(folder.resolve("kr-ulsan-1.json.new"), "{\"version\":1,\"sta");
      assertThat(file.read()).contains(state);
    }
  }

  @Test
  void refusesASecondAgentOfTheSite() {
    try (StateFile file = StateFile.open(folder, "kr-ulsan-1", json)) {
      assertThat(file).isNotNull();
      assertThatThrownBy(() -> StateFile.open(folder, "kr-ulsan-1", json))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("kr-ulsan-1.lock");
    }
  }

  @Test
  void refusesAStateItCannotReadAndSaysTheWayOut() throws IOException {
    Files.writeString(folder.resolve("kr-ulsan-1.json"), "not json");
    try (StateFile file = StateFile.open(folder, "kr-ulsan-1", json)) {
      assertThatThrownBy(file::read)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("move it away");
    }
  }

  @Test
  void refusesTheStateOfAnotherSite() throws IOException {
    try (StateFile file = StateFile.open(folder, "kr-ulsan-1", json)) {
      file.write(aState("kr-pangyo-1"));
      assertThatThrownBy(file::read).isInstanceOf(UncheckedIOException.class);
    }
  }

  private static Snapshot aState(String site) {
    ManualClock clock = ManualClock.at("2026-11-02T00:00:00.123Z");
    HandDriver driver = new HandDriver();
    SiteEngine engine = new SiteEngine(Snapshot.empty(site), driver, clock, clock);
    engine.apply(Orders.of(1, 1, 1).running(1));
    engine.apply(Orders.of(2, 2, 2).running(4));
    engine.converge();
    driver.sees(new Observation.Failed(Orders.of(1, 1, 1).runId(), "BOOT_FAILED"));
    engine.converge();
    engine.apply(Orders.absentVolume(1, 1));
    engine.apply(Orders.absentVolume(2, 1));
    engine.converge();
    driver.deleted(Orders.absentVolume(2, 1).volumeId());
    engine.converge();
    return engine.snapshot();
  }
}
