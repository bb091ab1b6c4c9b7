package dev.gpucloud.tenant.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.WebhookId;
import dev.gpucloud.kit.tx.Statements;
import dev.gpucloud.tenant.apikeys.ApiKeysConfig;
import dev.gpucloud.tenant.apikeys.Sealing;
import dev.gpucloud.tenant.notifications.engine.Recipients;
import dev.gpucloud.tenant.notifications.engine.Recipients.Address;
import dev.gpucloud.tenant.notifications.engine.Recipients.Hook;
import dev.gpucloud.tenant.notifications.engine.Recipients.Member;
import dev.gpucloud.tenant.notifications.engine.Recipients.People;
import dev.gpucloud.tenant.notifications.engine.Recipients.Person;
import dev.gpucloud.tenant.notifications.engine.Recipients.Recipient;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Writes notifications in the transaction of the change that they tell of: both commit or neither
 * does. Who is told is settled here, by the roles of that moment; nothing is sent before the
 * commit.
 */
@ApplicationScoped
public class Notifications {
  private static final String PEOPLE =
      """
      (select 'MEMBER', subject, array_to_string(roles, ' ') from member
       where tenant_id = ?1 and active and roles && array['OWNER', 'OPERATOR', 'BILLING_VIEWER']
       order by 'OWNER' = any(roles) desc, subject limit ?4)
      union all
      (select 'PROJECT_MEMBER', subject, array_to_string(roles, ' ') from project_member
       where tenant_id = ?1 and project_id = cast(cast(?2 as text) as uuid)
       order by subject limit ?4)
      union all
      select 'BILLING', cast(contacts as json) -> 'billing' ->> 'email', '' from tenant
      where tenant_id = ?1
      union all
      select 'WEBHOOK', cast(w.webhook_id as text), '' from webhook w
      join tenant t on t.tenant_id = w.tenant_id
      where w.tenant_id = ?1 and w.state = 'ACTIVE' and (w.kinds = '{}' and w.events = '{}' or w.kinds && array['*', cast(?3 as text)])
        and (t.state <> 'CLOSED' or ?3 = 'tenant.closed')""";
  private static final String WRITE =
      """
      with written as (
        insert into notification (notification_id, tenant_id, kind, resource, details, once, at)
        values (?1, cast(cast(?2 as text) as uuid), ?3, ?4, ?5, cast(?6 as text),
          cast(cast(?7 as text) as timestamptz))
        on conflict (once) do nothing
        returning notification_id, tenant_id)
      insert into notification_dispatch
        (dispatch_id, notification_id, tenant_id, channel, addressee, recipient, webhook_id, sealed)
      select r.id, w.notification_id, w.tenant_id,
        case r.addressee when 'WEBHOOK' then 'WEBHOOK' else 'MAIL' end, r.addressee, r.recipient,
        r.webhook,
        case r.addressee when 'WEBHOOK' then null
          else decode(cast(?9 as text), 'base64') end
      from written w, json_to_recordset(cast(cast(?8 as text) as json))
        as r(id uuid, addressee text, recipient text, webhook uuid)""";

  private final ObjectMapper json;
  private final Sealing sealing;
  private final NotificationConfig config;

  Notifications(ObjectMapper json, ApiKeysConfig keys, NotificationConfig config) {
    this.json = json;
    this.sealing = new Sealing(keys.sealingSecret());
    this.config = config;
  }

  /** Writes the notice and its ways to everybody who is told. */
  public Uni<Void> tell(Mutiny.Session session, Notice notice) {
    return tell(Statements.of(session), notice);
  }

  /** As {@link #tell(Mutiny.Session, Notice)}, wherever the transaction is. */
  public Uni<Void> tell(Statements on, Notice notice) {
    return people(on, notice)
        .map(people -> people.platform(config.platformAddresses().orElse(List.of())))
        .map(people -> Recipients.of(notice.kind(), notice.concerned(), people))
        .chain(recipients -> write(on, notice, recipients))
        .replaceWithVoid();
  }

  /** Writes the notice for one webhook alone; answers the id of the notification. */
  public Uni<UUID> tellWebhook(Mutiny.Session session, Notice notice, WebhookId webhook) {
    return write(Statements.of(session), notice, List.of(new Hook(webhook.value().toString())));
  }

  private Uni<People> people(Statements on, Notice notice) {
    if (notice.tenant() == null) {
      return Uni.createFrom().item(People.NONE);
    }
    return on.rows(
            PEOPLE,
            notice.tenant().value(),
            notice.project() == null ? null : notice.project().value().toString(),
            notice.kind().word(),
            config.mostRecipients())
        .map(Notifications::people);
  }

  private static People people(List<Object[]> rows) {
    List<Member> members = new ArrayList<>();
    List<Member> projectMembers = new ArrayList<>();
    List<String> hooks = new ArrayList<>();
    String billing = null;
    for (Object[] row : rows) {
      String who = (String) row[1];
      Member member =
          new Member(
              Objects.requireNonNullElse(who, ""),
              Set.copyOf(List.of(((String) row[2]).split(" "))));
      switch ((String) row[0]) {
        case "MEMBER" -> members.add(member);
        case "PROJECT_MEMBER" -> projectMembers.add(member);
        case "WEBHOOK" -> hooks.add(who);
        default -> billing = who;
      }
    }
    return new People(members, projectMembers, billing, hooks, List.of());
  }

  private Uni<UUID> write(Statements on, Notice notice, List<Recipient> recipients) {
    UUID id = Ids.next();
    return on.update(
            WRITE,
            id,
            notice.tenant() == null ? null : notice.tenant().value().toString(),
            notice.kind().word(),
            notice.resource(),
            json(notice.values()),
            notice.once(),
            notice.at().toString(),
            json(recipients.stream().map(Notifications::row).toList()),
            sealed(notice.token()))
        .replaceWith(id);
  }

  private static Map<String, @Nullable String> row(Recipient recipient) {
    Map<String, @Nullable String> row = new LinkedHashMap<>();
    row.put("id", Ids.next().toString());
    switch (recipient) {
      case Person person -> {
        row.put("addressee", "PERSON");
        row.put("recipient", person.subject());
      }
      case Address address -> {
        row.put("addressee", "ADDRESS");
        row.put("recipient", address.email());
      }
      case Hook hook -> {
        row.put("addressee", "WEBHOOK");
        row.put("recipient", hook.id());
        row.put("webhook", hook.id());
      }
    }
    return row;
  }

  private @Nullable String sealed(@Nullable String token) {
    return token == null
        ? null
        : Base64.getEncoder().encodeToString(sealing.seal(token.getBytes(StandardCharsets.UTF_8)));
  }

  private String json(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
