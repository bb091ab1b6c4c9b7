package dev.gpucloud.devstack.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.cli.Table;
import dev.gpucloud.cli.Terminal;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.process.Child;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables that up and status print. */
public final class StackTables {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Terminal terminal;

  public StackTables(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Addresses, users and passwords of the stack with this data folder. */
  public void credentials(String heading, StackHome home) throws IOException {
    PrintWriter out = terminal.out();
    if (!heading.isEmpty()) {
      out.println();
      out.println(terminal.styled(Terminal.Style.GREEN, terminal.sentence(heading)));
    }
    JsonNode credentials = JSON.readTree(home.credentials().toFile());
    out.println();
    out.print(addresses(credentials));
    out.println();
    out.print(users(credentials));
    out.println();
    out.println(
        terminal.sentence(
            "Mails are files in " + home.mailbox() + ": any mail reader opens them."));
    out.println(
        terminal.styled(
            Terminal.Style.DIM,
            terminal.sentence("Also in " + home.credentials() + ", which only you may read.")));
    out.println(
        terminal.sentence(
            "Next: ./gpucloud demo plays the whole story up to an invoice; ./gpucloud status, logs,"
                + " down."));
    out.flush();
  }

  /** What runs. */
  public void components(JsonNode components, long supervisorPid) {
    Table table =
        new Table()
            .left("COMPONENT")
            .left("STATE")
            .right("PID")
            .right("MIB")
            .right("RESTARTS")
            .left("ADDRESS");
    long total = Child.residentKib(supervisorPid) / 1024;
    table.row("supervisor", "READY", Long.toString(supervisorPid), Long.toString(total), "0", "");
    for (JsonNode component : components) {
      long mib = component.path("rssMib").asLong();
      total += mib;
      String state = component.path("state").asText();
      table.row(
          component.path("name").asText(),
          state,
          component.hasNonNull("pid") ? component.path("pid").asText() : "-",
          Long.toString(mib),
          component.path("restarts").asText(),
          component.path("url").asText());
      table.style(1, state.equals("READY") ? Terminal.Style.GREEN : Terminal.Style.YELLOW);
    }
    table.row("all", "", "", Long.toString(total), "", "");
    terminal.out().print(table.render(terminal));
    terminal.out().flush();
  }

  String addresses(JsonNode credentials) {
    JsonNode urls = credentials.path("urls");
    JsonNode admin = credentials.path("keycloakAdmin");
    Table table = new Table().left("WHAT").left("WHERE");
    table.row("API", urls.path("gateway").asText() + "/api/v1");
    table.row(terminal.text("API description"), urls.path("gateway").asText() + "/openapi");
    table.row(
        "Keycloak",
        terminal
            .text("%s  (user %s, password %s)")
            .formatted(
                urls.path("keycloak").asText(),
                admin.path("username").asText(),
                admin.path("password").asText()));
    return table.render(terminal);
  }

  String users(JsonNode credentials) {
    Table table = new Table().left("USER").left("PASSWORD").left("TENANT").left("ROLES");
    for (JsonNode user : credentials.path("users")) {
      List<String> roles = new ArrayList<>();
      user.path("roles")
          .forEach(role -> roles.add(role.asText().toLowerCase(Locale.ROOT).replace('_', '-')));
      table.row(
          user.path("username").asText(),
          user.path("password").asText(),
          user.path("tenant").asText("-"),
          String.join(", ", roles));
    }
    return table.render(terminal);
  }
}
