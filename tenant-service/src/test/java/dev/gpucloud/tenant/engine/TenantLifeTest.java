package dev.gpucloud.tenant.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TenantLifeTest {
  @ParameterizedTest
  @CsvSource({
    "APPLIED, APPROVE=APPROVED REJECT=REJECTED WITHDRAW=WITHDRAWN",
    "APPROVED, ACTIVATE=ACTIVE",
    "ACTIVE, SUSPEND=SUSPENDED CLOSE=CLOSING",
    "SUSPENDED, RESUME=ACTIVE CLOSE=CLOSING",
    "CLOSING, FINISH=CLOSED",
    "CLOSED, ''",
    "REJECTED, ''",
    "WITHDRAWN, ''"
  })
  void allowsExactlyTheseMoves(TenantState state, String moves) {
    String found =
        Arrays.stream(TenantAction.values())
            .flatMap(
                action ->
                    action
                        .on(TenantLife.of(state))
                        .map(next -> action + "=" + next.state())
                        .stream())
            .collect(Collectors.joining(" "));
    assertThat(found).isEqualTo(moves);
  }

  @ParameterizedTest
  @EnumSource
  void readsEveryStateBack(TenantState state) {
    assertThat(TenantLife.of(state).state()).isEqualTo(state);
  }

  @Test
  void namesWhatIsAllowed() {
    assertThat(TenantAction.allowedOn(new TenantLife.Suspended()))
        .containsExactly("resume", "close");
    assertThat(TenantAction.allowedOn(new TenantLife.Closed())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void takesChangesOnlyWhileItIsActive(TenantState state) {
    assertThat(state.acceptsChanges()).isEqualTo(state == TenantState.ACTIVE);
  }
}
