package dev.gpucloud.billing.agreement;

import dev.gpucloud.billing.account.AccountRepository;
import dev.gpucloud.billing.agreement.AgreementRepository.StoredPool;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Accounts whose quantities count together for the tiers of their contracts. */
@Path("/api/v1/finance/tier-pools")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "finance")
class TierPoolsResource {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,59}");
  private static final int MOST_ACCOUNTS = 200;
  private static final BillingMonth EVER = BillingMonth.parse("9999-12");

  private final AgreementRepository agreements;
  private final AccountRepository accounts;
  private final Transactions transactions;
  private final Audit audit;
  private final Caller caller;
  private final InstantSource clock;

  TierPoolsResource(
      AgreementRepository agreements,
      AccountRepository accounts,
      Transactions transactions,
      Audit audit,
      Caller caller,
      @Business InstantSource clock) {
    this.agreements = agreements;
    this.accounts = accounts;
    this.transactions = transactions;
    this.audit = audit;
    this.caller = caller;
    this.clock = clock;
  }

  /** The accounts that count together from a month on; none dissolves the pool. */
  @Schema(
      name = "SetTierPool",
      examples =
          """
          {"accounts": ["000-00-00015", "000-00-00029"], "fromMonth": "2028-01"}""")
  record SetTierPool(
      @Schema(description = "By id or business number.") @Nullable List<String> accounts,
      @Schema(examples = "2026-12") @Nullable String fromMonth) {}

  /** A pool as it is shown. */
  @Schema(name = "TierPool")
  record PoolView(String name, int version, List<String> accounts, String fromMonth) {
    static PoolView of(StoredPool p) {
      return new PoolView(
          p.name(),
          p.version(),
          p.accounts().stream().map(UUID::toString).toList(),
          p.fromMonth().toString());
    }
  }

  @GET
  @RolesAllowed({"finance", "finance-approver", "auditor"})
  @Operation(summary = "List tier pools, each in its newest version, by name")
  public Uni<List<PoolView>> list() {
    return transactions
        .asPlatform(s -> agreements.pools(s, EVER))
        .map(all -> all.stream().map(PoolView::of).toList());
  }

  @PUT
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("finance")
  @Operation(
      summary = "Set which accounts count together for tiers from a month on",
      description =
          "If-Match names the version seen, \"0\" for a new pool. An account is in one pool at"
              + " most. A month in which one of the accounts has an invoice is not changed.")
  @APIResponse(
      responseCode = "200",
      description = "The pool's new version.",
      content = @Content(schema = @Schema(implementation = PoolView.class)))
  public Uni<Response> set(
      @PathParam("name") String name,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @Nullable SetTierPool body) {
    if (body == null) {
      throw ProblemType.MALFORMED_BODY.because("The body is empty.").at("", "is required");
    }
    return transactions.asPlatform(
        s ->
            Rows.select(s, "select cast(pg_advisory_xact_lock(7402102) as text)")
                .chain(() -> agreements.pools(s, EVER))
                .chain(
                    all ->
                        numbers(s, body)
                            .chain(ids -> set(s, new Wanted(name, ifMatch, body, ids), all))));
  }

  private Uni<Map<String, UUID>> numbers(Mutiny.Session s, SetTierPool body) {
    List<String> texts = Objects.requireNonNullElse(body.accounts(), List.of());
    return accounts.idsByNumber(s, texts.stream().filter(Objects::nonNull).toList());
  }

  private record Wanted(
      String name, @Nullable String ifMatch, SetTierPool body, Map<String, UUID> numbers) {}

  private Uni<Response> set(Mutiny.Session s, Wanted wanted, List<StoredPool> all) {
    StoredPool before =
        all.stream().filter(p -> p.name().equals(wanted.name())).findFirst().orElse(null);
    ETags.require(wanted.ifMatch(), before == null ? 0 : before.version());
    var errors = new ArrayList<FieldError>();
    if (!NAME.matcher(wanted.name()).matches()) {
      errors.add(new FieldError("name", "must be 1 to 60 of a-z, 0-9 and -"));
    }
    BillingMonth from = month(wanted.body().fromMonth(), errors);
    Set<UUID> ids = ids(wanted, all, errors);
    var touched = new TreeSet<>(ids);
    if (before != null) {
      touched.addAll(before.accounts());
    }
    return accounts
        .byIds(s, ids)
        .invoke(
            found -> {
              if (found.size() != ids.size()) {
                errors.add(new FieldError("/accounts", "names an account that is not there"));
              }
            })
        .chain(() -> agreements.newestInvoicedMonth(s, touched))
        .chain(
            newest -> {
              if (from != null && newest.isPresent() && from.start().isBefore(newest.get().end())) {
                errors.add(
                    new FieldError(
                        "/fromMonth", newest.get() + " has an invoice of one of the accounts"));
              }
              if (before != null
                  && from != null
                  && from.start().isBefore(before.fromMonth().start())) {
                errors.add(
                    new FieldError(
                        "/fromMonth", "lies before the version of " + before.fromMonth()));
              }
              refuse(errors);
              int version = before == null ? 1 : before.version() + 1;
              return insert(
                  s,
                  before,
                  new StoredPool(wanted.name(), version, ids, Objects.requireNonNull(from)));
            });
  }

  private Uni<Response> insert(Mutiny.Session s, @Nullable StoredPool before, StoredPool pool) {
    return agreements
        .insertPool(s, pool, caller.username(), clock.instant())
        .chain(
            () ->
                audit.changed(
                    s,
                    audit.origin(),
                    AuditChange.of("tier-pool.set", "tier-pool", pool.name())
                        .from(before == null ? null : PoolView.of(before))
                        .to(PoolView.of(pool))))
        .map(
            v ->
                Response.ok(PoolView.of(pool))
                    .header(HttpHeaders.ETAG, ETags.of(pool.version()))
                    .build());
  }

  private static @Nullable BillingMonth month(@Nullable String text, List<FieldError> errors) {
    try {
      return BillingMonth.parse(Objects.requireNonNullElse(text, ""));
    } catch (IllegalArgumentException e) {
      errors.add(new FieldError("/fromMonth", "must be a month such as 2026-12"));
      return null;
    }
  }

  private static Set<UUID> ids(Wanted wanted, List<StoredPool> all, List<FieldError> errors) {
    List<String> texts = wanted.body().accounts();
    var ids = new TreeSet<UUID>();
    if (texts == null || texts.size() > MOST_ACCOUNTS) {
      errors.add(new FieldError("/accounts", "must be a list of at most " + MOST_ACCOUNTS));
      return ids;
    }
    for (int i = 0; i < texts.size(); i++) {
      try {
        int index = i;
        String text = Objects.requireNonNullElse(texts.get(i), "");
        UUID id =
            Objects.requireNonNullElseGet(wanted.numbers().get(text), () -> UUID.fromString(text));
        if (!ids.add(id)) {
          errors.add(new FieldError("/accounts/" + i, "is named twice"));
        }
        all.stream()
            .filter(p -> !p.name().equals(wanted.name()) && p.accounts().contains(id))
            .findFirst()
            .ifPresent(
                p ->
                    errors.add(new FieldError("/accounts/" + index, "is in the pool " + p.name())));
      } catch (IllegalArgumentException e) {
        errors.add(new FieldError("/accounts/" + i, "must be an account's id or business number"));
      }
    }
    return ids;
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new ProblemException(
          ProblemType.VALIDATION_FAILED,
          errors.size() + " values are refused; nothing was changed.",
          Map.of(),
          errors);
    }
  }
}
