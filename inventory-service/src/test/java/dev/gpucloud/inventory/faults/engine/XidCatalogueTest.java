package dev.gpucloud.inventory.faults.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XidCatalogueTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "13, IGNORE",
    "31, IGNORE",
    "43, IGNORE",
    "45, IGNORE",
    "48, DRAIN_GPU",
    "63, WATCH",
    "64, DRAIN_GPU",
    "74, QUARANTINE_HOST",
    "79, QUARANTINE_HOST",
    "94, WATCH",
    "95, DRAIN_GPU",
    "119, DRAIN_GPU",
    "120, DRAIN_GPU",
    "140, DRAIN_GPU"
  })
  void knowsWhatTheCommonCodesAskFor(int xid, FaultAction action) {
    assertThat(XidCatalogue.rule(xid).action()).isEqualTo(action);
  }

  @Test
  void watchesACodeThatItDoesNotKnow() {
    assertThat(XidCatalogue.rule(9001))
        .isEqualTo(new FaultRule(9001, FaultAction.WATCH, "The code is not in our table."));
  }

  @Test
  void givesEveryCodeAReasonOfItsOwn() {
    Set<String> reasons = new HashSet<>();
    XidCatalogue.rules()
        .forEach(rule -> assertThat(reasons.add(rule.reason())).as(rule.toString()).isTrue());

    assertThat(reasons).hasSizeGreaterThan(30);
  }
}
