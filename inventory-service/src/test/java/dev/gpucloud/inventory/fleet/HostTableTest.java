package dev.gpucloud.inventory.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.inventory.fleet.FleetDocument.Host;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTableTest {

  private static List<Host> hosts(String csv, Violations violations) {
    return new FleetReader(violations).readHosts(new HostTable(violations).rows(csv)).hosts();
  }

  private static List<String> wrong(String csv) {
    Violations violations = new Violations();
    hosts(csv, violations);
    try {
      violations.raise();
      return List.of();
    } catch (ProblemException e) {
      return e.errors().stream().map(FieldError::pointer).toList();
    }
  }

  @Test
  void readsColumnsInAnyOrderQuotedOrNotWithAnyLineEnd() {
    Violations violations = new Violations();

    List<Host> hosts =
        hosts(
            "\uFEFFserial,fabric,\"delivery\",name\r\n\"S1\",f1,dlv-a,\n\nS2,,dlv-a,n2",
            violations);

    assertThat(hosts)
        .containsExactly(
            new Host("row 2", "dlv-a", "S1", null, null, "f1"),
            new Host("row 4", "dlv-a", "S2", "n2", null, null));
    assertThat(wrong("delivery,serial\ndlv-a,S1,\n")).containsExactly("row 2");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "delivery,serial;a,b c         | row 2, column serial",
        "delivery,serial;,S1           | row 2, column delivery",
        "delivery,serial;a             | row 2",
        "delivery,serial;a,\"S1        | row 2",
        "delivery,serial;a,S\"1        | row 2",
        "delivery,serial,serial;a,b,c  | row 1, column serial",
        "delivery;a                    | row 1",
        ";                             | row 1"
      })
  void namesRowAndColumn(String csv, String pointer) {
    assertThat(wrong(csv.replace(';', '\n'))).containsExactly(pointer);
  }

  @Test
  void countsTheLinesInsideQuotes() {
    assertThat(wrong("delivery,serial\n\"a\nb\",S1\ndlv-a,S 2\n"))
        .containsExactly("row 2, column delivery", "row 4, column serial");
  }
}
