package dev.gpucloud.devstack.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.cli.CliContext;
import dev.gpucloud.devstack.layout.StackProblem;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "clock",
    description = "Show, freeze, step and run the business clock of the dev stack.",
    mixinStandardHelpOptions = true)
final class ClockCommand extends StackCommand {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

  @Parameters(
      index = "0",
      arity = "0..1",
      defaultValue = "show",
      paramLabel = "show|freeze|step|run",
      description = "What to do (default: ${DEFAULT-VALUE}).")
  private String action = "show";

  @Parameters(
      index = "1",
      arity = "0..1",
      defaultValue = "",
      paramLabel = "LENGTH|TIME",
      description =
          "For step, freeze and run: how far (8h, 2d, PT30M) or until when (2026-11-03T09:00:00+09:00).")
  private String target = "";

  ClockCommand(CliContext context) {
    super(context);
  }

  @Override
  void run(Stack stack) throws IOException {
    ObjectNode move = JSON.createObjectNode();
    switch (action) {
      case "show" -> {
        say(describe(JSON.readTree(stack.control("GET", "/clock", ""))));
        return;
      }
      case "freeze" -> move.put("mode", "FROZEN");
      case "run" -> move.put("mode", "RUNNING");
      case "step" -> {
        if (target.isEmpty()) {
          throw new StackProblem(
              StackProblem.USAGE, "Say how far to step, like: ./gpucloud clock step 8h");
        }
      }
      default ->
          throw new StackProblem(
              StackProblem.USAGE, "Use show, freeze, step or run, not " + action + ".");
    }
    if (!target.isEmpty()) {
      aim(move, target);
    }
    say(describe(JSON.readTree(stack.control("POST", "/clock/moves", move.toString()))));
  }

  static void aim(ObjectNode move, String target) {
    try {
      if (target.matches("\\d{4}-.*")) {
        move.put("advanceTo", OffsetDateTime.parse(target).toInstant().toString());
      } else {
        move.put("advanceBy", length(target).toString());
      }
    } catch (DateTimeException e) {
      throw new StackProblem(
          StackProblem.USAGE,
          "Not a length like 8h, 2d or PT30M, nor a time like 2026-11-03T09:00:00+09:00: " + target,
          e);
    }
  }

  private static Duration length(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (upper.startsWith("P")) {
      return Duration.parse(upper);
    }
    return Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
  }

  /** The clock in the words of a person in Seoul. */
  static String describe(JsonNode clock) {
    boolean frozen = clock.path("mode").asText().equals("FROZEN");
    Instant now =
        frozen
            ? Instant.parse(clock.required("frozenAt").asText())
            : Instant.now().plusMillis(clock.required("offsetMillis").asLong());
    String shown =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).format(now.atZone(SEOUL));
    return shown + " Seoul time, " + (frozen ? "frozen" : "running");
  }
}
