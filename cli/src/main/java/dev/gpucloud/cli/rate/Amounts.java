package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.cli.Json;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;

/** Money in a result: whole won, or exact with twelve decimals beside the fraction. */
final class Amounts {
  private Amounts() {}

  static ObjectNode money(Won won) {
    return Json.object().put("amount", Long.toString(won.amount())).put("currency", "KRW");
  }

  static void exact(ObjectNode into, String name, Rational value) {
    into.put(name, value.toString());
    into.put(name + "Decimal", value.toDecimal12());
  }
}
