package dev.gpucloud.inventory.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.inventory.fleet.engine.HostAction.Needs;
import dev.gpucloud.inventory.fleet.engine.HostState.Accepting;
import dev.gpucloud.inventory.fleet.engine.HostState.Active;
import dev.gpucloud.inventory.fleet.engine.HostState.Cordoned;
import dev.gpucloud.inventory.fleet.engine.HostState.Draining;
import dev.gpucloud.inventory.fleet.engine.HostState.Expected;
import dev.gpucloud.inventory.fleet.engine.HostState.Maintenance;
import dev.gpucloud.inventory.fleet.engine.HostState.Quarantined;
import dev.gpucloud.inventory.fleet.engine.HostState.Retired;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostStateTest {
  static Stream<Arguments> allowed() {
    return Stream.of(
        Arguments.of(new Expected(), "discover retire"),
        Arguments.of(new HostState.Discovered(), "begin-acceptance quarantine retire"),
        Arguments.of(new Accepting(), "accept quarantine reject retire"),
        Arguments.of(new Active(), "cordon drain quarantine"),
        Arguments.of(new Cordoned(), "drain quarantine retire uncordon"),
        Arguments.of(
            new Draining(new Active()), "begin-maintenance cancel-drain quarantine retire"),
        Arguments.of(new Maintenance(new Active()), "end-maintenance quarantine reaccept retire"),
        Arguments.of(new Quarantined(null), "reaccept retire"),
        Arguments.of(new Quarantined(new Cordoned()), "reaccept release-quarantine retire"),
        Arguments.of(new Retired(), ""));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("allowed")
  void allowsTheseMovesAndNoOther(HostState state, String words) {
    Set<String> expected = new TreeSet<>(Set.of(words.split(" ")));
    expected.remove("");

    assertThat(
            Stream.of(HostAction.values())
                .filter(action -> action.on(state).isPresent())
                .map(HostAction::word))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allowed")
  void aStateIsReadFromItsRowAsItWasWritten(HostState state, String words) {
    HostState before = state.before();

    assertThat(HostState.of(state.word(), before == null ? null : before.word())).isEqualTo(state);
  }

  @Test
  void aHostGoesThroughItsWholeLife() {
    Active active = new Expected().discover().beginAcceptance().reject().beginAcceptance().accept();

    assertThat(active.drain().beginMaintenance().reaccept().accept().quarantine().retire())
        .isEqualTo(new Retired());
  }

  @Test
  void aDrainAndAMaintenanceGoBackToWhatWas() {
    assertThat(new Cordoned().drain().cancelDrain()).isEqualTo(new Cordoned());
    assertThat(new Active().drain().cancelDrain()).isEqualTo(new Active());
    assertThat(new Cordoned().drain().beginMaintenance().endMaintenance())
        .isEqualTo(new Cordoned());
  }

  @Test
  void aQuarantineGoesBackToWhatServedAndNeverPastABurnIn() {
    assertThat(new Active().quarantine().releaseQuarantine()).isEqualTo(new Active());
    assertThat(new Cordoned().quarantine().releaseQuarantine()).isEqualTo(new Cordoned());
    assertThat(new Cordoned().drain().quarantine().releaseQuarantine()).isEqualTo(new Cordoned());
    assertThat(new Active().drain().beginMaintenance().quarantine().releaseQuarantine())
        .isEqualTo(new Active());
    assertThat(new Expected().discover().quarantine().releaseQuarantine()).isNull();
    assertThat(new Active().quarantine().reaccept().quarantine().releaseQuarantine()).isNull();
    assertThat(new Active().quarantine().reaccept().reject().quarantine().releaseQuarantine())
        .isNull();
  }

  @Test
  void onlyWhatCanBeAskedForAndWouldBeDoneIsNamedAsAllowed() {
    HostState draining = new Draining(new Active());

    assertThat(HostAction.allowedOn(draining, 1, 0)).containsExactly("cancel-drain", "quarantine");
    assertThat(HostAction.allowedOn(draining, 0, 0))
        .containsExactly("cancel-drain", "quarantine", "retire");
    assertThat(HostAction.allowedOn(new Expected(), 0, 0)).containsExactly("retire");
    assertThat(HostAction.allowedOn(new Accepting(), 0, 0)).containsExactly("quarantine", "retire");
    assertThat(HostAction.allowedOn(new Quarantined(new Active()), 2, 0))
        .containsExactly("release-quarantine");
    assertThat(HostAction.allowedOn(new Quarantined(new Active()), 0, 1)).containsExactly("retire");
    assertThat(HostAction.allowedOn(new Quarantined(null), 0, 0))
        .containsExactly("reaccept", "retire");
  }

  @Test
  void aDrainWithoutWhatWasBeforeIsNoState() {
    assertThatThrownBy(() -> HostState.of("DRAINING", null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> HostState.of("MAINTENANCE", "RETIRED"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HostState.of("BROKEN", null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void slicesInUseForbidWhatNeedsThemFree() {
    assertThat(HostAction.RETIRE.needs().isMetBy(1, 0)).isFalse();
    assertThat(HostAction.RETIRE.needs().isMetBy(0, 3)).isTrue();
    assertThat(HostAction.RELEASE_QUARANTINE.needs().isMetBy(2, 0)).isTrue();
    assertThat(HostAction.RELEASE_QUARANTINE.needs().isMetBy(0, 1)).isFalse();
    assertThat(HostAction.REACCEPT.needs().isMetBy(0, 1)).isFalse();
    assertThat(HostAction.REACCEPT.needs().isMetBy(1, 0)).isFalse();
    assertThat(Needs.NOTHING.isMetBy(5, 5)).isTrue();
  }
}
