package dev.gpucloud.inventory.delivery.engine;

import dev.gpucloud.inventory.delivery.engine.DeliveryState.Delivered;
import dev.gpucloud.inventory.delivery.engine.DeliveryState.Ordered;
import dev.gpucloud.inventory.delivery.engine.DeliveryState.Shipped;
import dev.gpucloud.inventory.delivery.engine.DeliveryState.Underway;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The moves of a delivery by name, for callers who learn the state only when it is read. */
public enum DeliveryAction {
  SHIP,
  DELIVER,
  ACCEPT,
  SLIP,
  ANNOUNCE;

  /** Its name in addresses and answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state after it, empty when the state does not allow it. */
  public Optional<DeliveryState> on(DeliveryState state) {
    return Optional.ofNullable(
        switch (this) {
          case SHIP -> state instanceof Ordered s ? s.ship() : null;
          case DELIVER -> state instanceof Shipped s ? s.deliver() : null;
          case ACCEPT -> state instanceof Delivered s ? s.accept() : null;
          case SLIP, ANNOUNCE -> state instanceof Underway s ? s : null;
        });
  }

  /** What a delivery in this state may do, as words. */
  public static List<String> allowedOn(DeliveryState state) {
    return Stream.of(values())
        .filter(action -> action.on(state).isPresent())
        .map(DeliveryAction::word)
        .toList();
  }
}
