package dev.gpucloud.kit.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.MembershipFact;
import dev.gpucloud.kit.inbox.BatchInbox;
import dev.gpucloud.kit.inbox.InboundEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the projection of members up to date, a batch in one transaction, so that a revocation does
 * not wait behind an import of thousands.
 */
@ApplicationScoped
class MemberConsumer {
  private static final String LEFT =
      """
      delete from member_ref m using unnest($1::uuid[], $2::text[]) u(tenant, subject)
      where m.tenant_id = u.tenant and m.subject = u.subject""";
  private static final String ARE =
      """
      insert into member_ref (tenant_id, subject, username, roles, project_roles)
      select u.tenant, u.subject, u.username, string_to_array(u.roles, ','), u.at_projects::jsonb
      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        u(tenant, subject, username, roles, at_projects)
      on conflict (tenant_id, subject) do update set username = excluded.username,
        roles = excluded.roles, project_roles = excluded.project_roles""";

  private final BatchInbox inbox;
  private final ObjectMapper json;
  private final ScopeCache scopes;

  MemberConsumer(BatchInbox inbox, ObjectMapper json, ScopeCache scopes) {
    this.inbox = inbox;
    this.json = json;
    this.scopes = scopes;
  }

  @Incoming("kit-members")
  Uni<Void> members(ConsumerRecords<String, byte[]> records) {
    return inbox
        .acceptLatest(ReferenceConsumer.CONSUMER, records, this::keep)
        .invoke(scopes::forget);
  }

  private Uni<Void> keep(SqlConnection c, List<InboundEvent> events) {
    List<MembershipFact> facts =
        events.stream().map(event -> event.dataAs(json, MembershipFact.class)).toList();
    List<MembershipFact> left = facts.stream().filter(MemberConsumer::isOver).toList();
    List<MembershipFact> are = facts.stream().filter(fact -> !isOver(fact)).toList();
    return change(c, LEFT, left, names(left)).chain(() -> change(c, ARE, are, contents(are)));
  }

  private static Uni<Void> change(
      SqlConnection c, String sql, List<MembershipFact> facts, Tuple parameters) {
    return facts.isEmpty()
        ? Uni.createFrom().voidItem()
        : c.preparedQuery(sql).execute(parameters).replaceWithVoid();
  }

  private static boolean isOver(MembershipFact fact) {
    return fact.roles().isEmpty() && atProjects(fact).isEmpty();
  }

  private static Map<String, List<String>> atProjects(MembershipFact fact) {
    return Objects.requireNonNullElse(fact.projectRoles(), Map.of());
  }

  private static Tuple names(List<MembershipFact> facts) {
    return Tuple.tuple()
        .addArrayOfUUID(facts.stream().map(f -> f.tenantId().value()).toArray(UUID[]::new))
        .addArrayOfString(texts(facts, MembershipFact::subject));
  }

  private Tuple contents(List<MembershipFact> facts) {
    return names(facts)
        .addArrayOfString(texts(facts, MembershipFact::username))
        .addArrayOfString(texts(facts, fact -> String.join(",", fact.roles())))
        .addArrayOfString(texts(facts, fact -> write(atProjects(fact))));
  }

  private static String[] texts(
      List<MembershipFact> facts, Function<MembershipFact, @Nullable String> of) {
    return facts.stream().map(of).toArray(String[]::new);
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
