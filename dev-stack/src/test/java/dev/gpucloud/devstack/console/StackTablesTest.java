package dev.gpucloud.devstack.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.cli.Terminal;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StackTablesTest {
  private final StringWriter printed = new StringWriter();

  @Test
  void usersLineUp() throws Exception {
    String json =
        """
        {"users":[
          {"username":"finance","password":"aaaa","subject":"1","roles":["finance"]},
          {"username":"sk-hynix-operator","password":"bbbb","subject":"2","tenant":"sk-hynix","roles":["OPERATOR","BILLING_VIEWER"]}]}
        """;

    String table = new StackTables(terminal(false)).users(new ObjectMapper().readTree(json));

    assertThat(table)
        .isEqualTo(
            """
            USER               PASSWORD  TENANT    ROLES
            finance            aaaa      -         finance
            sk-hynix-operator  bbbb      sk-hynix  operator, billing-viewer
            """);
  }

  @Test
  void componentsAreSummedUp() throws Exception {
    String json =
        """
        [{"name":"kafka","state":"READY","pid":41,"rssMib":180,"restarts":0,"url":"127.0.0.1:8092"},
         {"name":"gateway","state":"RESTARTING","pid":null,"rssMib":0,"restarts":3,"url":"http://127.0.0.1:8080"}]
        """;

    new StackTables(terminal(false)).components(new ObjectMapper().readTree(json), -1);

    assertThat(printed.toString().lines().toList())
        .contains("kafka       READY        41  180         0  127.0.0.1:8092")
        .contains("gateway     RESTARTING    -    0         3  http://127.0.0.1:8080");
    assertThat(printed.toString().lines().toList().getLast().strip()).matches("all +180");
  }

  @Test
  void progressIsPlainLinesWithoutATerminal() {
    try (Progress progress = Progress.on(terminal(false))) {
      progress.started("Kafka", "");
      progress.started("Keycloak", "first start");
      progress.done("Kafka", Duration.ofMillis(3210));
    }

    assertThat(printed.toString())
        .isEqualTo(
            """
              Keycloak: first start
              Kafka                ready    3.2 s
            """);
  }

  @Test
  void progressOnATerminalEndsWithEveryStepDone() {
    try (Progress progress = Progress.on(terminal(true))) {
      progress.started("Kafka", "");
      progress.done("Kafka", Duration.ofMillis(3210));
    }

    assertThat(printed.toString()).endsWith("  ok Kafka                   3.2 s  \n");
  }

  private Terminal terminal(boolean interactive) {
    PrintWriter out = new PrintWriter(printed);
    return new Terminal(out, out, Reader.nullReader(), interactive, false);
  }
}
