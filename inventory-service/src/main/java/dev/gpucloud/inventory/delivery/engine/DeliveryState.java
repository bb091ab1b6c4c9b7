package dev.gpucloud.inventory.delivery.engine;

import java.util.List;
import java.util.Locale;

/**
 * How far a delivery is. A state has a method for each move that it allows and for no other, so
 * that an illegal move does not compile.
 */
public sealed interface DeliveryState {
  /** All words, from first to last. */
  List<String> ORDER = List.of("ORDERED", "SHIPPED", "DELIVERED", "ACCEPTED");

  /** Its word in rows and answers. */
  default String word() {
    return getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }

  /** The state of a row. */
  static DeliveryState of(String word) {
    return switch (word) {
      case "ORDERED" -> new Ordered();
      case "SHIPPED" -> new Shipped();
      case "DELIVERED" -> new Delivered();
      case "ACCEPTED" -> new Accepted();
      default -> throw new IllegalArgumentException("no delivery is " + word);
    };
  }

  /** The later of two words. */
  static String later(String one, String other) {
    return ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
  }

  /** It has not arrived, so it may still be late and its hosts be announced. */
  sealed interface Underway extends DeliveryState {}

  /** The vendor has the order. */
  record Ordered() implements Underway {
    /** It left the vendor. */
    public Shipped ship() {
      return new Shipped();
    }
  }

  /** It left the vendor. */
  record Shipped() implements Underway {
    /** It arrived; its hosts are expected from now on. */
    public Delivered deliver() {
      return new Delivered();
    }
  }

  /** It arrived; its hosts are looked for and burned in. */
  record Delivered() implements DeliveryState {
    /** Every host is in service or waived. */
    public Accepted accept() {
      return new Accepted();
    }
  }

  /** Done. */
  record Accepted() implements DeliveryState {}
}
