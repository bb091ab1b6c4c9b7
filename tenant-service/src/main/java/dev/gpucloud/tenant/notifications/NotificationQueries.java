package dev.gpucloud.tenant.notifications;

import dev.gpucloud.contracts.id.NotificationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.id.WebhookId;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.notifications.engine.Language;
import dev.gpucloud.tenant.notifications.engine.Wording;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Lists notifications and dispatches, the newest first. */
@ApplicationScoped
public class NotificationQueries {
  private static final UUID LAST = UUID.fromString("ffffffff-ffff-ffff-ffff-ffffffffffff");
  private static final String NOTIFICATIONS =
      """
      select n.notification_id, n.kind, n.resource, n.details, n.at, told.state, s.language
      from notification n
      left join notification_settings s on s.tenant_id = n.tenant_id
      cross join lateral (
        select case when count(*) = 0 then 'NOBODY'
          when bool_or(d.state = 'PENDING') then 'PENDING'
          when bool_or(d.state = 'DEAD') then 'DEAD' else 'SENT' end as state
        from notification_dispatch d
        where d.notification_id = n.notification_id
          and (cast(?2 as text) is null or d.recipient = cast(?2 as text))) told
      where n.tenant_id = ?1 and n.notification_id < ?3
        and (cast(?2 as text) is null or told.state <> 'NOBODY')
        and (cast(?4 as text) is null or n.kind = cast(?4 as text))
        and (cast(?5 as text) is null or told.state = cast(?5 as text))
      order by n.notification_id desc limit ?6""";
  private static final String DISPATCHES_OF =
      "select "
          + DispatchView.COLUMNS
          + DispatchView.ROWS
          + """
          where d.notification_id = any(cast(string_to_array(?1, ',') as uuid[]))
            and (cast(?2 as text) is null or d.recipient = cast(?2 as text))
          order by d.dispatch_id""";
  private static final String DISPATCHES =
      "select "
          + DispatchView.COLUMNS
          + DispatchView.ROWS
          + """
          where d.dispatch_id < ?1 and (cast(?2 as text) is null or d.state = cast(?2 as text))
            and (cast(?3 as text) is null or d.webhook_id = cast(cast(?3 as text) as uuid))
          order by d.dispatch_id desc limit ?4""";

  private final Transactions transactions;
  private final Wordings wordings;

  NotificationQueries(Transactions transactions, Wordings wordings) {
    this.transactions = transactions;
    this.wordings = wordings;
  }

  /**
   * What a list shows.
   *
   * @param subject whose notifications alone; null for everybody's
   */
  record Filter(
      TenantId tenant, @Nullable String subject, Optional<String> kind, Optional<String> state) {}

  Uni<Page<NotificationView>> list(Filter filter, PageRequest page) {
    return transactions.readAsTenant(
        filter.tenant(),
        session ->
            Sql.rows(
                    session,
                    NOTIFICATIONS,
                    filter.tenant().value(),
                    filter.subject(),
                    page.afterId().orElse(LAST),
                    filter.kind().orElse(null),
                    filter.state().orElse(null),
                    page.limit())
                .chain(rows -> withDispatches(session, filter, rows, page)));
  }

  private Uni<Page<NotificationView>> withDispatches(
      Mutiny.Session session, Filter filter, List<Object[]> rows, PageRequest page) {
    String ids = rows.stream().map(row -> row[0].toString()).collect(Collectors.joining(","));
    return Sql.rows(session, DISPATCHES_OF, ids, filter.subject())
        .map(
            found ->
                found.stream()
                    .map(DispatchView::of)
                    .collect(Collectors.groupingBy(DispatchView::notificationId)))
        .map(of -> page.page(rows, row -> view(row, of), NotificationQueries::position));
  }

  private NotificationView view(Object[] row, Map<NotificationId, List<DispatchView>> dispatches) {
    var id = new NotificationId((UUID) row[0]);
    String kind = (String) row[1];
    String details = (String) row[3];
    Optional<Language> language = Optional.ofNullable((String) row[6]).map(Language::valueOf);
    Wording.Message message = wordings.message(kind, details, language, null);
    return new NotificationView(
        id,
        kind,
        (String) row[2],
        message.subject(),
        message.text(),
        wordings.values(details),
        Times.required(row[4]),
        (String) row[5],
        dispatches.getOrDefault(id, List.of()));
  }

  /** The dispatches of a webhook, in the tenant's own transaction. */
  public Uni<Page<DispatchView>> ofWebhook(
      Mutiny.Session session, WebhookId webhook, Optional<String> state, PageRequest page) {
    return page(session, webhook.value().toString(), state, page);
  }

  Uni<Page<DispatchView>> all(Optional<String> state, PageRequest page) {
    return transactions.asPlatform(session -> page(session, null, state, page));
  }

  private static Uni<Page<DispatchView>> page(
      Mutiny.Session session, @Nullable String webhook, Optional<String> state, PageRequest page) {
    return Sql.rows(
            session,
            DISPATCHES,
            page.afterId().orElse(LAST),
            state.orElse(null),
            webhook,
            page.limit())
        .map(rows -> page.page(rows, DispatchView::of, NotificationQueries::position));
  }

  private static Map<String, String> position(Object[] row) {
    return Map.of("id", row[0].toString());
  }
}
