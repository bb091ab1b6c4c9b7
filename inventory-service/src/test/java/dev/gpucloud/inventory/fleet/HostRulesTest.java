package dev.gpucloud.inventory.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.inventory.fleet.FleetDocument.Delivery;
import dev.gpucloud.inventory.fleet.FleetDocument.Hall;
import dev.gpucloud.inventory.fleet.FleetDocument.Host;
import dev.gpucloud.inventory.fleet.HostRules.Known;
import dev.gpucloud.inventory.fleet.HostRules.Standing;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostRulesTest {
  private static final Known NOTHING = new Known(Map.of(), List.of(), Map.of(), List.of());
  private static final Map<String, Hall> HALLS =
      Map.of("h", new Hall("", "h", "s", kw(100), kw(100), kw(20)));
  private static final Map<String, Delivery> DELIVERIES = Map.of("a", delivery("a", 3));

  private static BigDecimal kw(int n) {
    return BigDecimal.valueOf(n);
  }

  private static Delivery delivery(String id, int hosts) {
    LocalDate due = LocalDate.of(2027, 3, 31);
    return new Delivery("", id, "s", "h", "m", hosts, 8, 2, 4, kw(10), due, due, "ORDERED");
  }

  private static Host host(int row, String serial, @Nullable String name, @Nullable String rack) {
    return new Host("row " + row, "a", serial, name, rack, null);
  }

  private static List<String> wrong(Known known, Host... hosts) {
    return errors(known, hosts).stream().map(FieldError::pointer).toList();
  }

  private static List<String> details(Known known, Host... hosts) {
    return errors(known, hosts).stream().map(FieldError::detail).toList();
  }

  private static List<FieldError> errors(Known known, Host... hosts) {
    Violations violations = new Violations();
    new HostRules(List.of(hosts), known, DELIVERIES, HALLS, violations).check();
    try {
      violations.raise();
      return List.of();
    } catch (ProblemException e) {
      return e.errors();
    }
  }

  @Test
  void takesHostsWhoseSerialsAndNamesAreNew() {
    assertThat(wrong(NOTHING, host(2, "S1", "n1", "r1"), host(3, "S2", null, "r1"))).isEmpty();
  }

  @Test
  void aSerialOrANameIsThereOnce() {
    assertThat(wrong(NOTHING, host(2, "S1", "n", null), host(3, "S1", "n", null)))
        .containsExactly("row 3, column serial", "row 3, column name");
    Known standing =
        new Known(
            Map.of("b", List.of(new Host("", "b", "S2", null, null, null))),
            List.of(new Standing("S1", "n1", "b")),
            Map.of(),
            List.of());
    assertThat(wrong(standing, host(2, "S1", "x", null), host(3, "S2", "n1", null)))
        .containsExactly("row 2, column serial", "row 3, column serial", "row 3, column name");
  }

  @Test
  void namesWhatIsElsewhereAndWhere() {
    Known known =
        new Known(
            Map.of("b", List.of(new Host("", "b", "S2", "n2", null, null))),
            List.of(new Standing("S1", "n1", "c")),
            Map.of(),
            List.of());

    assertThat(details(known, host(2, "S1", null, null), host(3, "S2", null, null)))
        .containsExactly("'S1' is host n1 of delivery c", "'S2' is announced for delivery b");
    assertThat(details(known, host(2, "S8", "n2", null), host(3, "S8", "n9", null)))
        .containsExactly("'S8' is there twice: also at row 2", "'n2' is announced for delivery b");
  }

  @Test
  void noMoreHostsThanTheDeliveryHas() {
    assertThat(
            wrong(
                NOTHING,
                host(2, "S1", null, null),
                host(3, "S2", null, null),
                host(4, "S3", null, null),
                host(5, "S4", null, null)))
        .containsExactly("row 5");
  }

  @Test
  void aRackHoldsWhatItsPowerAllows() {
    assertThat(
            wrong(
                NOTHING,
                host(2, "S1", null, "r1"),
                host(3, "S2", null, "r1"),
                host(4, "S3", null, "r1")))
        .containsExactly("row 4, column rack");
    assertThat(
            wrong(
                new Known(Map.of(), List.of(), Map.of("r1", "b"), List.of()),
                host(2, "S1", null, "r1")))
        .containsExactly("row 2, column rack");
  }

  @Test
  void whatIsHereIsNotAnnouncedAnewButMayBeRepeated() {
    Known here =
        new Known(
            Map.of("a", List.of(host(0, "S1", null, null))),
            List.of(new Standing("S1", "n1", "a")),
            Map.of(),
            List.of("a"));
    assertThat(wrong(here, host(2, "S1", null, null))).isEmpty();
    assertThat(wrong(here, host(2, "S9", null, null))).containsExactly("row 2, column delivery");
  }
}
