package dev.gpucloud.billing.closerun;

import dev.gpucloud.billing.close.CloseParameters;
import dev.gpucloud.billing.close.engine.AccountStanding;
import dev.gpucloud.billing.close.engine.MonthProgress;
import dev.gpucloud.billing.closerun.CloseRunRepository.Standing;
import dev.gpucloud.billing.closerun.MonthCloseView.WalkView;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InvoiceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Event;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Closing a month over all accounts, and how far that is. */
@Path("/api/v1/finance/billing-months/{month}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "close")
class MonthCloseResource {
  private final Transactions transactions;
  private final Idempotency idempotency;
  private final CloseRunRepository runs;
  private final Audit audit;
  private final Caller caller;
  private final Event<CloseAsked> asked;
  private final InstantSource clock;

  MonthCloseResource(
      Transactions transactions,
      Idempotency idempotency,
      CloseRunRepository runs,
      Audit audit,
      Caller caller,
      Event<CloseAsked> asked,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.idempotency = idempotency;
    this.runs = runs;
    this.audit = audit;
    this.caller = caller;
    this.asked = asked;
    this.clock = clock;
  }

  @GET
  @Path("/close")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show how many accounts of a month stand where, and how far its close is")
  public Uni<MonthCloseView> showClose(@PathParam("month") String month) {
    BillingMonth of = CloseParameters.month(month);
    return transactions.asPlatform(s -> view(s, of));
  }

  private Uni<MonthCloseView> view(Mutiny.Session s, BillingMonth month) {
    return runs.closed(s, month)
        .chain(
            closed ->
                runs.standings(s, month)
                    .map(MonthProgress::of)
                    .chain(
                        progress ->
                            walk(s, month, progress)
                                .map(
                                    walk ->
                                        MonthCloseView.of(
                                            month, closed.orElse(null), progress, walk))));
  }

  private Uni<@Nullable WalkView> walk(
      Mutiny.Session s, BillingMonth month, MonthProgress progress) {
    return runs.newest(s, month)
        .chain(
            found ->
                found.isEmpty()
                    ? Uni.createFrom().nullItem()
                    : runs.walked(s, found.get())
                        .map(walked -> view(found.get(), walked, progress)));
  }

  private static WalkView view(CloseRun run, long walked, MonthProgress progress) {
    return new WalkView(
        run.id(),
        run.state(),
        walked,
        progress.total(),
        run.startedName(),
        run.startedAt(),
        run.doneAt());
  }

  @POST
  @Path("/close")
  @Consumes(MediaType.WILDCARD)
  @RolesAllowed("finance")
  @Operation(
      summary = "Close a month: draft what is to be drafted, issue what is approved",
      description =
          "Walks over all accounts in the background and leaves each as far as it comes without a"
              + " person. While a walk is under way a second request joins it; after it, one goes"
              + " on from where the accounts stand. The month is CLOSED by the walk that finds every"
              + " account issued or with nothing to bill.")
  @APIResponse(
      responseCode = "202",
      description = "Under way; Location shows its progress.",
      content = @Content(schema = @Schema(implementation = MonthCloseView.class)))
  @APIResponse(
      responseCode = "409",
      description = "MONTH_NOT_READY: the month has not ended; STATE_CONFLICT: it is CLOSED.")
  public Uni<Response> closeMonth(
      @PathParam("month") String month, @HeaderParam(Idempotency.HEADER) @Nullable String key) {
    BillingMonth of = CloseParameters.month(month);
    return idempotency
        .platform(
            key,
            null,
            s ->
                requireCloseable(s, of)
                    .chain(() -> begin(s, of))
                    .chain(() -> view(s, of))
                    .map(
                        view ->
                            Response.accepted(view)
                                .header(
                                    HttpHeaders.LOCATION,
                                    "/api/v1/finance/billing-months/" + of + "/close")
                                .build()))
        .invoke(() -> asked.fire(new CloseAsked()));
  }

  private Uni<Void> requireCloseable(Mutiny.Session s, BillingMonth month) {
    if (clock.instant().isBefore(month.end())) {
      throw ProblemType.MONTH_NOT_READY
          .because(month + " ends at " + month.end() + ".")
          .with("endsAt", month.end().toString());
    }
    return runs.closed(s, month)
        .invoke(
            closed -> {
              if (closed.isPresent()) {
                throw ProblemType.STATE_CONFLICT
                    .because(month + " is closed; what comes late is corrected later.")
                    .with("state", "CLOSED");
              }
            })
        .replaceWithVoid();
  }

  private Uni<Void> begin(Mutiny.Session s, BillingMonth month) {
    var run =
        new CloseRun(
            new OperationId(Ids.next()),
            month,
            "RUNNING",
            caller.subject(),
            caller.username(),
            clock.instant(),
            null);
    return runs.begin(s, run)
        .chain(
            begun ->
                begun
                    ? audit.changed(
                        s,
                        AuditChange.of("billing-month.walk", "billing-month", month.toString())
                            .to(Map.of("operation", run.id().toString())))
                    : Uni.createFrom().voidItem());
  }

  /** An account of the month and how far it is. */
  @Schema(name = "AccountClose")
  record AccountView(
      String accountId,
      String businessNumber,
      String name,
      String standing,
      @Nullable InvoiceId invoice,
      @Schema(description = "What stopped the last walk here.") @Nullable String reason) {
    static AccountView of(Standing r) {
      return new AccountView(
          r.account().toString(),
          r.businessNumber(),
          r.name(),
          r.standing().name(),
          r.invoice() == null ? null : new InvoiceId(r.invoice()),
          r.reason());
    }
  }

  @GET
  @Path("/accounts")
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List the accounts of a month with how far each is, by business number")
  public Uni<Page<AccountView>> listAccountCloses(
      @PathParam("month") String month,
      @QueryParam("standing") @Nullable String standing,
      @BeanParam PageRequest page) {
    BillingMonth of = CloseParameters.month(month);
    AccountStanding only = standing(standing);
    String after = page.after().getOrDefault("number", "");
    return transactions
        .asPlatform(s -> runs.list(s, of, only, after, page.limit()))
        .map(found -> page.page(found, AccountView::of, r -> Map.of("number", r.businessNumber())));
  }

  private static @Nullable AccountStanding standing(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return Arrays.stream(AccountStanding.values())
        .filter(a -> a.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemType.INVALID_PARAMETER
                    .because("There is no such standing.")
                    .at("standing", "must be one of " + Arrays.toString(AccountStanding.values())));
  }
}
