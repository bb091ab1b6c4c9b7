package dev.gpucloud.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnderWayTest {
  @Test
  void aStopWaitsForTheLastRequest() throws Exception {
    UnderWay requests = new UnderWay(Duration.ofHours(1));
    requests.begun();
    requests.begun();
    Thread stop = Thread.startVirtualThread(() -> drain(requests));

    requests.ended();
    assertThat(stop.isAlive()).isTrue();
    requests.ended();

    stop.join();
  }

  @Test
  void aStopDoesNotWaitForeverForARequestThatHangs() {
    UnderWay requests = new UnderWay(Duration.ofMillis(50));
    requests.begun();

    drain(requests);
  }

  private static void drain(UnderWay requests) {
    try {
      requests.drain();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
