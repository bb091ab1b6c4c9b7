package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.cli.rate.BadFileException;
import dev.gpucloud.cli.rate.RateRun;
import dev.gpucloud.contracts.time.BillingMonth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rate",
    mixinStandardHelpOptions = true,
    description = {
      "Rate a month of an account from files, without a server.",
      "Prints intervals, rated rows, lines, supply value, VAT, total and what is left of credits."
    })
final class RateCommand implements Callable<Integer> {
  @Option(
      names = "--prices",
      required = true,
      paramLabel = "FILE",
      description = "Price book, YAML or JSON (gpucloud.prices/v1, see docs/rate).")
  private Path prices;

  @Option(
      names = "--events",
      required = true,
      paramLabel = "FILE",
      description = "CloudEvents, one JSON object a line, in any order.")
  private Path events;

  @Option(
      names = "--account",
      required = true,
      paramLabel = "ACCOUNT",
      description = "An account's id or business number, or the slug of one of its tenants.")
  private String account;

  @Option(
      names = "--month",
      required = true,
      paramLabel = "YYYY-MM",
      description = "Billing month in Seoul.")
  private String month;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "Business time: count what had arrived by then, hold what is dated later.")
  private @Nullable String asOf;

  private final CliContext context;

  @SuppressWarnings("NullAway.Init")
  RateCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ObjectNode result;
    try {
      refuseMissing(prices, events);
      result = RateRun.rate(file(prices), file(events), account, month(), instant());
    } catch (BadFileException e) {
      throw new CliException(
          ExitCode.USAGE, String.valueOf(e.getMessage()), e.violations().toArray(String[]::new));
    }
    Json.print(result, context.terminal().out());
    context.terminal().out().flush();
    return ExitCode.OK.code();
  }

  /** Both at once, where both are missing. */
  private void refuseMissing(Path... given) {
    List<String> missing =
        Stream.of(given)
            .filter(each -> !Files.isRegularFile(file(each)))
            .map(Path::toString)
            .toList();
    if (!missing.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE, "There is no file " + String.join(", and no file ", missing) + ".");
    }
  }

  private Path file(Path given) {
    return context.workingFolder().resolve(given);
  }

  private BillingMonth month() {
    try {
      return BillingMonth.parse(month);
    } catch (IllegalArgumentException e) {
      throw new CliException(ExitCode.USAGE, "--month must be a month such as 2026-09.");
    }
  }

  private @Nullable Instant instant() {
    try {
      return asOf == null ? null : OffsetDateTime.parse(asOf).toInstant();
    } catch (DateTimeParseException e) {
      throw new CliException(
          ExitCode.USAGE, "--as-of must be a time with its offset: 2026-10-01T09:00:00+09:00.");
    }
  }
}
