package dev.gpucloud.inventory.delivery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryStateTest {
  private static final Map<DeliveryAction, Map<String, String>> LEGAL =
      Map.of(
          DeliveryAction.SHIP, Map.of("ORDERED", "SHIPPED"),
          DeliveryAction.DELIVER, Map.of("SHIPPED", "DELIVERED"),
          DeliveryAction.ACCEPT, Map.of("DELIVERED", "ACCEPTED"),
          DeliveryAction.SLIP, Map.of("ORDERED", "ORDERED", "SHIPPED", "SHIPPED"),
          DeliveryAction.ANNOUNCE, Map.of("ORDERED", "ORDERED", "SHIPPED", "SHIPPED"));

  @ParameterizedTest
  @EnumSource(DeliveryAction.class)
  void anActionIsLegalFromTheseStatesAndNoOther(DeliveryAction action) {
    for (String from : DeliveryState.ORDER) {
      assertThat(action.on(DeliveryState.of(from)).map(DeliveryState::word).orElse("refused"))
          .as("%s on %s", action, from)
          .isEqualTo(LEGAL.get(action).getOrDefault(from, "refused"));
    }
  }

  @Test
  void saysWhatAStateAllows() {
    assertThat(DeliveryAction.allowedOn(new DeliveryState.Shipped()))
        .isEqualTo(List.of("deliver", "slip", "announce"));
    assertThat(DeliveryAction.allowedOn(new DeliveryState.Accepted())).isEmpty();
  }

  @Test
  void theLaterOfTwoStatesHolds() {
    assertThat(DeliveryState.later("SHIPPED", "ORDERED")).isEqualTo("SHIPPED");
    assertThat(DeliveryState.later("SHIPPED", "ACCEPTED")).isEqualTo("ACCEPTED");
  }
}
