package dev.gpucloud.inventory.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.inventory.delivery.engine.Acceptance.Complete;
import dev.gpucloud.inventory.delivery.engine.Acceptance.DeliveredHost;
import dev.gpucloud.inventory.delivery.engine.Acceptance.Incomplete;
import dev.gpucloud.inventory.delivery.engine.Acceptance.Waived;
import dev.gpucloud.inventory.delivery.engine.Acceptance.Waiver;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AcceptanceTest {
  private static final DeliveredHost IN_SERVICE = host(1, "ACTIVE", true);
  private static final DeliveredHost MISSING = host(2, "EXPECTED", false);
  private static final DeliveredHost FAILED = host(3, "QUARANTINED", false);

  private static DeliveredHost host(int n, String state, boolean accepted) {
    return new DeliveredHost(new HostId(new UUID(0, n)), "h" + n, "S" + n, state, accepted);
  }

  @Test
  void aDeliveryWhoseHostsAreAllInServiceIsComplete() {
    assertThat(Acceptance.decide(List.of(IN_SERVICE), List.of()))
        .isEqualTo(new Complete(List.of()));
  }

  @Test
  void whatIsNeitherInServiceNorWaivedStaysOpen() {
    Acceptance decided =
        Acceptance.decide(
            List.of(IN_SERVICE, MISSING, FAILED), List.of(new Waiver("S2", "never came")));

    assertThat(((Incomplete) decided).open()).containsExactly(FAILED);
    assertThat(((Incomplete) decided).violations()).isEmpty();
  }

  @Test
  void hostsAreWaivedByNameOrSerialWithTheirReason() {
    Acceptance decided =
        Acceptance.decide(
            List.of(IN_SERVICE, MISSING, FAILED),
            List.of(new Waiver("S2", "never came"), new Waiver("h3", "back to the vendor")));

    assertThat(decided)
        .isEqualTo(
            new Complete(
                List.of(
                    new Waived(MISSING, "never came"), new Waived(FAILED, "back to the vendor"))));
  }

  @Test
  void aWaiverThatFitsNothingIsNamed() {
    Acceptance decided =
        Acceptance.decide(
            List.of(IN_SERVICE, MISSING),
            List.of(
                new Waiver("S1", "x"),
                new Waiver("S9", "x"),
                new Waiver("S2", "x"),
                new Waiver("h2", "x")));

    assertThat(((Incomplete) decided).open()).isEmpty();
    assertThat(((Incomplete) decided).violations())
        .extracting(e -> e.pointer() + " " + e.detail())
        .containsExactly(
            "/waived/0/host is accepted and cannot be waived",
            "/waived/1/host is no host of this delivery",
            "/waived/3/host is waived twice");
  }

  @Test
  void whatWasRetiredBeforeIsLeftOutAlready() {
    assertThat(Acceptance.decide(List.of(host(4, "RETIRED", false)), List.of()))
        .isEqualTo(new Complete(List.of()));
  }
}
