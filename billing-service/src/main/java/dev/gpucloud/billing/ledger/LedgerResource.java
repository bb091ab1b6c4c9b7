package dev.gpucloud.billing.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.billing.document.csv.CsvLine;
import dev.gpucloud.billing.ledger.LedgerReads.Balance;
import dev.gpucloud.billing.ledger.LedgerReads.Filter;
import dev.gpucloud.billing.ledger.LedgerReads.Line;
import dev.gpucloud.billing.ledger.LedgerReads.Position;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The books: lines of postings to read or take away, and the trial balance. */
@Path("/api/v1/finance/ledger")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "ledger", description = "The double-entry books.")
class LedgerResource {
  private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);
  private static final TenantId NO_TENANT = new TenantId(new UUID(0, 0));

  private final Transactions transactions;
  private final LedgerReads reads;
  private final LedgerConfig config;
  private final ObjectMapper json;
  private final InstantSource clock;

  LedgerResource(
      Transactions transactions,
      LedgerReads reads,
      LedgerConfig config,
      ObjectMapper json,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.reads = reads;
    this.config = config;
    this.json = json;
    this.clock = clock;
  }

  /** A line of a posting: debits are positive, and the lines of a transaction sum to zero. */
  @Schema(name = "LedgerLine")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LineView(
      UUID transactionId,
      int ordinal,
      String document,
      String kind,
      int version,
      @Nullable UUID corrects,
      @Schema(description = "Missing for money that is for nobody yet.") @Nullable TenantId tenant,
      String account,
      Money amount,
      String postedBy,
      @Schema(description = "Who that is; missing where nobody noted it.")
          @Nullable String postedByName,
      Instant postedAt) {
    static LineView of(Line l) {
      var tenant = new TenantId(l.tenant());
      return new LineView(
          l.transaction(),
          l.ordinal(),
          l.document(),
          l.kind(),
          l.version(),
          l.corrects(),
          tenant.equals(NO_TENANT) ? null : tenant,
          l.account(),
          Money.krw(l.amountKrw()),
          l.postedBy(),
          l.postedByName(),
          l.postedAt());
    }
  }

  @GET
  @Path("/lines")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List lines of postings in the order in which they were made")
  public Uni<Page<LineView>> listLedgerLines(
      @QueryParam("from") @Parameter(description = "First day in Seoul.") @Nullable String from,
      @QueryParam("to") @Parameter(description = "Last day in Seoul.") @Nullable String to,
      @QueryParam("document") @Parameter(description = "Only of this invoice, payment, ...")
          @Nullable String document,
      @BeanParam PageRequest page) {
    Filter filter = filter(from, to, document);
    Position after = after(page.after());
    return transactions
        .asPlatform(s -> reads.lines(s, filter, after, page.limit()))
        .map(
            found ->
                page.page(
                    found,
                    LineView::of,
                    l ->
                        Map.of(
                            "id", l.transaction().toString(),
                            "ordinal", Integer.toString(l.ordinal()))));
  }

  @GET
  @Path("/lines.csv")
  @Produces("text/csv")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Take lines of postings away as CSV")
  public Uni<String> takeLedgerCsv(
      @QueryParam("from") @Parameter(description = "First day in Seoul.") @Nullable String from,
      @QueryParam("to") @Parameter(description = "Last day in Seoul.") @Nullable String to) {
    return all(filter(from, to, null))
        .map(lines -> HEAD + lines.stream().map(LedgerResource::csv).collect(Collectors.joining()));
  }

  private static final String HEAD =
      CsvLine.of(
          Stream.of(
              "transactionId",
              "ordinal",
              "document",
              "kind",
              "version",
              "corrects",
              "tenant",
              "account",
              "debitKrw",
              "creditKrw",
              "postedBy",
              "postedAt",
              "postedByName"));

  private static String csv(LineView l) {
    long won = Long.parseLong(l.amount().amount());
    return CsvLine.of(
        Stream.of(
            l.transactionId().toString(),
            Integer.toString(l.ordinal()),
            l.document(),
            l.kind(),
            Integer.toString(l.version()),
            text(l.corrects(), UUID::toString),
            text(l.tenant(), TenantId::toString),
            l.account(),
            won > 0 ? Long.toString(won) : "",
            won < 0 ? Long.toString(-won) : "",
            l.postedBy(),
            l.postedAt().toString(),
            text(l.postedByName(), Function.identity())));
  }

  private static <T> String text(@Nullable T value, Function<T, String> asText) {
    return value == null ? "" : asText.apply(value);
  }

  @GET
  @Path("/lines.jsonl")
  @Produces("application/x-ndjson")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Take lines of postings away as JSON, one a line")
  public Uni<String> takeLedgerJson(
      @QueryParam("from") @Parameter(description = "First day in Seoul.") @Nullable String from,
      @QueryParam("to") @Parameter(description = "Last day in Seoul.") @Nullable String to) {
    return all(filter(from, to, null))
        .map(lines -> lines.stream().map(this::write).collect(Collectors.joining()));
  }

  private String write(LineView line) {
    try {
      return json.writeValueAsString(line) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Uni<List<LineView>> all(Filter filter) {
    return transactions
        .asPlatform(s -> reads.lines(s, filter, null, config.mostLines() + 1))
        .map(
            found -> {
              if (found.size() > config.mostLines()) {
                throw ProblemType.UNPROCESSABLE
                    .because(
                        "There are more than %d lines; ask for fewer days, or read them in pages."
                            .formatted(config.mostLines()))
                    .at("to", "asks for too much at once")
                    .with("mostLines", config.mostLines());
              }
              return found.stream().map(LineView::of).toList();
            });
  }

  /** What the accounts come to at the end of a day. */
  @Schema(name = "TrialBalance")
  record TrialBalanceView(
      LocalDate asOf,
      List<BalanceView> accounts,
      Money debit,
      Money credit,
      @Schema(description = "Debit less credit: zero at any time.") Money difference) {
    static TrialBalanceView of(LocalDate asOf, List<Balance> all) {
      long debit = all.stream().mapToLong(Balance::debitKrw).sum();
      long credit = all.stream().mapToLong(Balance::creditKrw).sum();
      return new TrialBalanceView(
          asOf,
          all.stream().map(BalanceView::of).toList(),
          Money.krw(debit),
          Money.krw(credit),
          Money.krw(debit - credit));
    }
  }

  /** An account; its balance is debit less credit. */
  @Schema(name = "AccountBalance")
  record BalanceView(String account, Money debit, Money credit, Money balance) {
    static BalanceView of(Balance b) {
      return new BalanceView(
          b.account(),
          Money.krw(b.debitKrw()),
          Money.krw(b.creditKrw()),
          Money.krw(b.debitKrw() - b.creditKrw()));
    }
  }

  @GET
  @Path("/trial-balance")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "What every account of the books comes to at the end of a day in Seoul")
  public Uni<TrialBalanceView> trialBalance(
      @QueryParam("asOf") @Parameter(description = "Day in Seoul (default: today).")
          @Nullable String asOf) {
    LocalDate day = asOf == null ? today() : day(asOf, "asOf");
    return transactions
        .asPlatform(s -> reads.balances(s, start(day.plusDays(1))))
        .map(all -> TrialBalanceView.of(day, all));
  }

  private Filter filter(@Nullable String from, @Nullable String to, @Nullable String document) {
    LocalDate first = from == null ? FIRST_DAY : day(from, "from");
    LocalDate last = to == null ? today() : day(to, "to");
    if (last.isBefore(first)) {
      throw ProblemType.INVALID_PARAMETER
          .because("The last day lies before the first.")
          .at("to", "must not lie before " + first);
    }
    return new Filter(start(first), start(last.plusDays(1)), document);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), BillingMonth.ZONE);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(BillingMonth.ZONE).toInstant();
  }

  private static LocalDate day(String text, String parameter) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= FIRST_DAY.getYear() && day.getYear() <= 9999) {
        return day;
      }
    } catch (DateTimeException e) {
      // answered below
    }
    throw ProblemType.INVALID_PARAMETER
        .because("A day is a date in Seoul such as 2026-11-24.")
        .at(parameter, "must be of the form 2026-11-24");
  }

  private static @Nullable Position after(Map<String, String> token) {
    if (token.isEmpty()) {
      return null;
    }
    try {
      return new Position(
          UUID.fromString(token.getOrDefault("id", "")),
          Integer.parseInt(token.getOrDefault("ordinal", "")));
    } catch (IllegalArgumentException e) {
      throw badToken();
    }
  }

  private static ProblemException badToken() {
    return ProblemType.INVALID_PAGE_TOKEN
        .because("The page token is not one this list gave out.")
        .at("pageToken", "pass nextPageToken of the page before, unchanged");
  }
}
