package dev.gpucloud.tenant.tenants;

import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.Slugs;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reads tenants and takes them from state to state. */
@ApplicationScoped
public class TenantService {
  private final Transactions transactions;
  private final TenantRepository tenants;
  private final TenantWriter writer;
  private final TenantMoves moves;
  private final Closings closings;

  TenantService(
      Transactions transactions,
      TenantRepository tenants,
      TenantWriter writer,
      TenantMoves moves,
      Closings closings) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.writer = writer;
    this.moves = moves;
    this.closings = closings;
  }

  /** A tenant as its own members see it. */
  Uni<TenantView> load(TenantId id) {
    return transactions.asTenant(
        id,
        session ->
            tenants
                .find(session, id)
                .map(TenantService::loaded)
                .chain(tenant -> shown(session, tenant)));
  }

  /** A tenant by id or slug, for the platform. */
  Uni<TenantView> loadForPlatform(String idOrSlug) {
    return transactions.asPlatform(
        session -> load(session, idOrSlug).chain(tenant -> shown(session, tenant)));
  }

  /** With what still stands against its end. */
  private Uni<TenantView> shown(Mutiny.Session session, TenantEntity tenant) {
    return tenant.state() == TenantState.CLOSING
        ? closings.blockers(session, tenant).map(TenantView.of(tenant)::blockedBy)
        : Uni.createFrom().item(TenantView.of(tenant));
  }

  /** The steps of a tenant's life, oldest first, as its members see them. */
  Uni<Page<TenantMove>> history(TenantId id, PageRequest page) {
    return transactions.asTenant(id, session -> history(session, id, page));
  }

  /** The same for the platform. */
  Uni<Page<TenantMove>> historyForPlatform(String idOrSlug, PageRequest page) {
    return transactions.asPlatform(
        session -> load(session, idOrSlug).chain(tenant -> history(session, tenant.id(), page)));
  }

  private Uni<Page<TenantMove>> history(Mutiny.Session session, TenantId id, PageRequest page) {
    int after = Integer.parseInt(page.after().getOrDefault("position", "0"));
    return moves
        .page(session, id, after, page.limit())
        .map(
            found ->
                page.page(
                    found,
                    TenantMoves.Placed::move,
                    placed -> Map.of("position", Integer.toString(placed.position()))));
  }

  /** A tenant's row by id or slug; fails with NOT_FOUND. */
  public Uni<TenantEntity> load(Mutiny.Session session, String idOrSlug) {
    Uni<@Nullable TenantEntity> found;
    try {
      found = tenants.find(session, TenantId.parse(idOrSlug));
    } catch (IllegalArgumentException e) {
      found =
          Slugs.tenantRefusal(idOrSlug).isEmpty()
              ? tenants.findBySlug(session, idOrSlug)
              : Uni.createFrom().nullItem();
    }
    return found.map(TenantService::loaded);
  }

  /** The tenants at which a person has a role. */
  Uni<Page<TenantView>> listOf(String subject, PageRequest page) {
    return transactions.asSystem(
        session ->
            rows(session, page, Optional.empty(), subject)
                .chain(
                    rows ->
                        tenants
                            .withRolesOf(session, subject, ids(rows))
                            .map(known -> page(page, rows, row -> known(row, known)))));
  }

  private static TenantView known(TenantEntity tenant, List<UUID> known) {
    return known.contains(tenant.uuid()) ? TenantView.of(tenant) : TenantView.named(tenant);
  }

  private static List<UUID> ids(List<TenantEntity> rows) {
    return rows.stream().map(TenantEntity::uuid).toList();
  }

  /** All tenants, perhaps of one state only. */
  Uni<Page<TenantView>> list(PageRequest page, Optional<TenantState> state) {
    return transactions.asPlatform(
        session -> rows(session, page, state, null).map(rows -> page(page, rows, TenantView::of)));
  }

  private Uni<List<TenantEntity>> rows(
      Mutiny.Session session,
      PageRequest page,
      Optional<TenantState> state,
      @Nullable String subject) {
    var filter =
        new TenantRepository.Filter(
            page.after().getOrDefault("slug", ""), state, Optional.ofNullable(subject));
    return tenants.page(session, filter, page.limit());
  }

  private static Page<TenantView> page(
      PageRequest page, List<TenantEntity> rows, Function<TenantEntity, TenantView> view) {
    return page.page(rows, view, row -> Map.of("slug", row.slug()));
  }

  /** Takes a tenant from state to state, on the version seen. */
  Uni<TenantView> move(String idOrSlug, TenantWriter.Move move, @Nullable String ifMatch) {
    return transactions.asPlatform(
        session ->
            tenants
                .lockTree(session)
                .chain(() -> load(session, idOrSlug))
                .invoke(tenant -> ETags.require(ifMatch, tenant.version()))
                .call(tenant -> requireNoneBelow(session, tenant, move.action()))
                .chain(tenant -> writer.move(session, tenant, move))
                .call(session::flush)
                .chain(tenant -> shown(session, tenant)));
  }

  /** A tenant is closed after those below it: they would stand below nothing. */
  private Uni<Void> requireNoneBelow(
      Mutiny.Session session, TenantEntity tenant, TenantAction action) {
    if (action != TenantAction.CLOSE) {
      return Uni.createFrom().voidItem();
    }
    return tenants
        .openBelow(session, tenant)
        .invoke(
            below -> {
              if (!below.isEmpty()) {
                throw ProblemType.STATE_CONFLICT
                    .because("Close the tenants below it first: " + String.join(", ", below) + ".")
                    .with("state", tenant.state())
                    .with("openBelow", below);
              }
            })
        .replaceWithVoid();
  }

  /** Its own people say whom to reach, on the version seen. */
  Uni<TenantView> reach(TenantId id, ContactsPatch patch, @Nullable String ifMatch) {
    return transactions.asTenant(
        id,
        session ->
            tenants
                .lockTree(session)
                .chain(() -> tenants.find(session, id))
                .map(TenantService::loaded)
                .invoke(tenant -> ETags.require(ifMatch, tenant.version()))
                .call(tenant -> writer.reach(session, tenant, patch.on(tenant.contacts())))
                .map(TenantView::of));
  }

  private static TenantEntity loaded(@Nullable TenantEntity tenant) {
    if (tenant == null) {
      throw Refusals.notFound("tenant");
    }
    return tenant;
  }
}
