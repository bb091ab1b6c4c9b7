package dev.gpucloud.tenant.webhooks;

import dev.gpucloud.contracts.id.NotificationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.WebhookId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.apikeys.ApiKeysConfig;
import dev.gpucloud.tenant.apikeys.Sealing;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.notifications.DispatchView;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.NotificationQueries;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.tenants.TenantRepository;
import dev.gpucloud.tenant.webhooks.engine.AddressGuard;
import dev.gpucloud.tenant.webhooks.engine.AddressGuard.Network;
import dev.gpucloud.tenant.webhooks.engine.WebhookSecret;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Makes, changes and ends webhooks, and shows what they were told. */
@ApplicationScoped
class WebhookService {
  private static final UUID FIRST = new UUID(0, 0);

  private final Transactions transactions;
  private final TenantRepository tenants;
  private final WebhookRepository webhooks;
  private final Notifications notifications;
  private final NotificationQueries queries;
  private final Audit audit;
  private final WebhookConfig config;
  private final AddressGuard guard;
  private final Sealing sealing;
  private final InstantSource clock;

  WebhookService(
      Transactions transactions,
      TenantRepository tenants,
      WebhookRepository webhooks,
      Notifications notifications,
      NotificationQueries queries,
      Audit audit,
      WebhookConfig config,
      ApiKeysConfig keys,
      @SystemClock InstantSource clock) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.webhooks = webhooks;
    this.notifications = notifications;
    this.queries = queries;
    this.audit = audit;
    this.config = config;
    this.guard =
        new AddressGuard(
            config.allowedNetworks().orElse(List.of()).stream().map(Network::parse).toList());
    this.sealing = new Sealing(keys.sealingSecret());
    this.clock = clock;
  }

  /** Makes one in the caller's transaction; the secret is the caller's to show. */
  Uni<WebhookView> create(
      Mutiny.Session session, TenantId tenant, WebhookRequest request, WebhookSecret secret) {
    WebhookRequest.Asked asked = request.asked(config.plainHttp(), guard);
    return requireOpen(session, tenant)
        .chain(() -> webhooks.count(session, tenant))
        .invoke(this::requireRoom)
        .chain(
            () -> {
              byte[] sealed = sealing.seal(secret.bytes());
              WebhookEntity row = WebhookEntity.of(tenant, asked, sealed, clock.instant());
              return session.persist(row).chain(session::flush).replaceWith(row);
            })
        .map(WebhookView::of)
        .call(view -> audit.changed(session, change("create", view).to(view)));
  }

  /** A closed tenant is told nothing any more: its last notice was that of its end. */
  private Uni<Void> requireOpen(Mutiny.Session session, TenantId id) {
    return tenants
        .find(session, id)
        .invoke(
            tenant -> {
              if (tenant != null && tenant.state() == TenantState.CLOSED) {
                throw ProblemType.STATE_CONFLICT
                    .because("The tenant is CLOSED; its webhooks are told nothing any more.")
                    .with("state", tenant.state());
              }
            })
        .replaceWithVoid();
  }

  private void requireRoom(long there) {
    if (there >= config.mostPerTenant()) {
      throw ProblemType.STATE_CONFLICT
          .because("A tenant has at most %d webhooks.".formatted(config.mostPerTenant()))
          .with("limit", config.mostPerTenant());
    }
  }

  Uni<Page<WebhookView>> list(TenantId tenant, PageRequest page) {
    return transactions
        .readAsTenant(
            tenant,
            session -> webhooks.page(session, tenant, page.afterId().orElse(FIRST), page.limit()))
        .map(
            rows ->
                page.page(rows, WebhookView::of, row -> Map.of("id", row.id().value().toString())));
  }

  Uni<WebhookView> load(TenantId tenant, String id) {
    return transactions
        .readAsTenant(tenant, session -> load(session, tenant, id, LockModeType.NONE))
        .map(WebhookView::of);
  }

  /** Makes it what is asked for, on the version that the caller has seen. */
  Uni<WebhookView> set(
      TenantId tenant, String id, WebhookRequest request, @Nullable String ifMatch) {
    return transactions.asTenant(
        tenant,
        session ->
            load(session, tenant, id, LockModeType.PESSIMISTIC_WRITE)
                .invoke(row -> ETags.require(ifMatch, row.version()))
                .call(() -> requireOpen(session, tenant))
                .chain(row -> set(session, row, request)));
  }

  private Uni<WebhookView> set(Mutiny.Session session, WebhookEntity row, WebhookRequest request) {
    WebhookView before = WebhookView.of(row);
    row.change(request.asked(config.plainHttp(), guard), clock.instant());
    WebhookView after = WebhookView.of(row);
    return audit.changed(session, change("set", after).from(before).to(after)).replaceWith(after);
  }

  /** Ends it, with what it was not told yet and the list of what it was told. */
  Uni<Void> delete(TenantId tenant, String id, @Nullable String ifMatch) {
    return transactions.asTenant(
        tenant,
        session ->
            load(session, tenant, id, LockModeType.PESSIMISTIC_WRITE)
                .invoke(row -> ETags.require(ifMatch, row.version()))
                .chain(
                    row -> {
                      WebhookView before = WebhookView.of(row);
                      return session
                          .remove(row)
                          .chain(session::flush)
                          .chain(
                              () -> audit.changed(session, change("delete", before).from(before)));
                    }));
  }

  /** Gives it a new secret, in the caller's transaction; the one before signs on for a while. */
  Uni<WebhookView> rotate(
      Mutiny.Session session, TenantId tenant, String id, WebhookSecret secret) {
    return load(session, tenant, id, LockModeType.PESSIMISTIC_WRITE)
        .call(() -> requireOpen(session, tenant))
        .chain(
            row -> {
              WebhookView before = WebhookView.of(row);
              var now = clock.instant();
              byte[] sealed = sealing.seal(secret.bytes());
              row.rotate(sealed, now.plus(config.rotationOverlap()), now);
              WebhookView after = WebhookView.of(row);
              return session
                  .flush()
                  .chain(
                      () -> audit.changed(session, change("rotate", after).from(before).to(after)))
                  .replaceWith(after);
            });
  }

  /** Sends it a message that says nothing, in the caller's transaction. */
  Uni<NotificationId> test(Mutiny.Session session, TenantId tenant, String id) {
    return load(session, tenant, id, LockModeType.NONE)
        .call(() -> requireOpen(session, tenant))
        .invoke(WebhookService::requireActive)
        .chain(
            row ->
                notifications.tellWebhook(
                    session,
                    Notice.of(
                        NotificationKind.WEBHOOK_TEST,
                        tenant,
                        row.id().toString(),
                        clock.instant()),
                    row.id()))
        .map(NotificationId::new);
  }

  private static void requireActive(WebhookEntity row) {
    if (row.state() != WebhookEntity.State.ACTIVE) {
      throw ProblemType.STATE_CONFLICT
          .because("The webhook is " + row.state() + " and is told nothing; enable it first.")
          .with("state", row.state());
    }
  }

  Uni<Page<DispatchView>> dispatches(
      TenantId tenant, String id, Optional<String> state, PageRequest page) {
    return transactions.readAsTenant(
        tenant,
        session ->
            load(session, tenant, id, LockModeType.NONE)
                .chain(row -> queries.ofWebhook(session, row.id(), state, page)));
  }

  private Uni<WebhookEntity> load(
      Mutiny.Session session, TenantId tenant, String id, LockModeType lock) {
    WebhookId parsed;
    try {
      parsed = WebhookId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Refusals.notFound("webhook");
    }
    return webhooks
        .find(session, tenant, parsed, lock)
        .map(
            row -> {
              if (row == null) {
                throw Refusals.notFound("webhook");
              }
              return row;
            });
  }

  private static AuditChange change(String verb, WebhookView view) {
    return AuditChange.of("webhook." + verb, "webhook", view.id().toString()).at(view.tenantId());
  }
}
