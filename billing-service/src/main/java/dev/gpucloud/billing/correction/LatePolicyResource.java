package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.correction.engine.LatePolicy;
import dev.gpucloud.billing.invoice.engine.BillingMode;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** How usage of an account that arrives after its month was closed is charged. */
@Path("/api/v1/finance/accounts/{account}/late-usage-policy")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class LatePolicyResource {
  private static final String WON = "0|[1-9][0-9]{0,14}";
  private static final String WAYS =
      Arrays.stream(LatePolicy.Way.values()).map(Enum::name).collect(Collectors.joining(" or "));

  private final LateUsageRepository repository;
  private final AccountRepository accounts;
  private final Transactions transactions;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  LatePolicyResource(
      LateUsageRepository repository,
      AccountRepository accounts,
      Transactions transactions,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.repository = repository;
    this.accounts = accounts;
    this.transactions = transactions;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** The policy that is wanted. */
  @Schema(
      name = "SetLateUsagePolicy",
      examples =
          """
          {"way": "NEXT_INVOICE", "writeOffBelowKrw": "1000"}""")
  record SetPolicy(
      @Schema(enumeration = {"NEXT_INVOICE", "AMENDED"}) @Nullable String way,
      @Schema(
              description = "A change of the supply value of less whole won is written off.",
              examples = "1000")
          @Nullable String writeOffBelowKrw) {}

  /** The policy that holds. */
  @Schema(name = "LateUsagePolicy")
  record PolicyView(
      @Schema(enumeration = {"NEXT_INVOICE", "AMENDED"}) String way,
      String writeOffBelowKrw,
      @Schema(description = "0: nobody set one, the usual holds.") int version) {
    static PolicyView of(LatePolicyVersion v) {
      return new PolicyView(
          v.policy().way().name(), Long.toString(v.policy().writeOffBelow().amount()), v.version());
    }
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "Show how an account's late usage is charged")
  @APIResponse(
      responseCode = "200",
      description = "The policy; ETag is its version.",
      content = @Content(schema = @Schema(implementation = PolicyView.class)))
  public Uni<Response> lateUsagePolicy(@PathParam("account") String account) {
    return transactions.asPlatform(
        s ->
            load(s, account)
                .chain(a -> repository.policy(s, a.id()))
                .map(LatePolicyResource::tagged));
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Set how an account's late usage is charged",
      description =
          "NEXT_INVOICE: lines in the next invoice, with the month they are for. AMENDED: a note"
              + " that amends the month's tax document, which is also the way of a month that was"
              + " owed once the account is only shown. It holds for what is not settled yet."
              + " If-Match names the version seen, \"0\" when none was set.")
  @APIResponse(
      responseCode = "200",
      description = "The policy; ETag is its version.",
      content = @Content(schema = @Schema(implementation = PolicyView.class)))
  public Uni<Response> setLateUsagePolicy(
      @PathParam("account") String account,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetPolicy body) {
    if (body == null) {
      throw ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
    }
    LatePolicy wanted = checked(body);
    return transactions.asPlatform(
        s ->
            load(s, account)
                .call(a -> lock(s, a.id()))
                .chain(
                    a ->
                        repository
                            .policy(s, a.id())
                            .chain(before -> set(s, a, ifMatch, before, wanted))));
  }

  private Uni<Response> set(
      Mutiny.Session s,
      Account account,
      @Nullable String ifMatch,
      LatePolicyVersion before,
      LatePolicy wanted) {
    ETags.require(ifMatch, before.version());
    if (account.mode() == BillingMode.SHOWBACK && wanted.way() == LatePolicy.Way.AMENDED) {
      throw ProblemType.VALIDATION_FAILED
          .because("1 value is refused; nothing was changed.")
          .at("/way", "must be NEXT_INVOICE: the account's invoices are only shown");
    }
    var after = new LatePolicyVersion(before.version() + 1, wanted);
    return repository
        .insert(s, account.owner().value(), account.id(), after, caller.username(), clock.instant())
        .chain(
            () ->
                audit.changed(
                    s,
                    audit.origin(),
                    AuditChange.of("late-usage-policy.set", "account", account.id().toString())
                        .at(account.owner())
                        .from(PolicyView.of(before))
                        .to(PolicyView.of(after))))
        .map(v -> tagged(after));
  }

  private static LatePolicy checked(SetPolicy body) {
    var errors = new ArrayList<FieldError>();
    String way = Objects.requireNonNullElse(body.way(), "");
    String below = Objects.requireNonNullElse(body.writeOffBelowKrw(), "0");
    if (Arrays.stream(LatePolicy.Way.values()).noneMatch(w -> w.name().equals(way))) {
      errors.add(new FieldError("/way", "must be " + WAYS));
    }
    if (!below.matches(WON)) {
      errors.add(new FieldError("/writeOffBelowKrw", "must be whole won such as 1000"));
    }
    if (!errors.isEmpty()) {
      throw new ProblemException(
          ProblemType.VALIDATION_FAILED,
          errors.size() + " values are refused; nothing was changed.",
          Map.of(),
          errors);
    }
    return new LatePolicy(LatePolicy.Way.valueOf(way), new Won(Long.parseLong(below)));
  }

  private static Response tagged(LatePolicyVersion v) {
    return Response.ok(PolicyView.of(v)).header(HttpHeaders.ETAG, ETags.of(v.version())).build();
  }

  private static Uni<Void> lock(Mutiny.Session s, UUID account) {
    return Rows.select(
            s,
            "select cast(pg_advisory_xact_lock(hashtextextended(?1, 7402)) as text)",
            account.toString())
        .replaceWithVoid();
  }

  private Uni<Account> load(Mutiny.Session s, String id) {
    try {
      return accounts
          .byIds(s, List.of(UUID.fromString(id)))
          .map(found -> found.stream().findFirst().orElseThrow(LatePolicyResource::notFound));
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
  }

  private static ProblemException notFound() {
    return ProblemType.NOT_FOUND.because("There is no such billing account.");
  }
}
