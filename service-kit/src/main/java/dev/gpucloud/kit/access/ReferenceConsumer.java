package dev.gpucloud.kit.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.ProjectFact;
import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.kit.inbox.InboundEvent;
import dev.gpucloud.kit.inbox.Inbox;
import dev.gpucloud.kit.inbox.Inbox.Order;
import dev.gpucloud.kit.tx.Sql;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;

/** Keeps the projections of tenants and projects up to date. */
@ApplicationScoped
class ReferenceConsumer {
  static final String CONSUMER = "references";

  private final Inbox inbox;
  private final ObjectMapper json;
  private final ScopeCache scopes;
  private final List<ReferenceListener> listeners;

  ReferenceConsumer(
      Inbox inbox, ObjectMapper json, ScopeCache scopes, @All List<ReferenceListener> listeners) {
    this.inbox = inbox;
    this.json = json;
    this.scopes = scopes;
    this.listeners = listeners;
  }

  @Incoming("kit-tenants")
  Uni<Void> tenants(ConsumerRecord<String, byte[]> r) {
    return apply(r, this::tenant).chain(this::tellApplied);
  }

  @Incoming("kit-projects")
  Uni<Void> projects(ConsumerRecord<String, byte[]> r) {
    return apply(r, this::project);
  }

  private Uni<Void> apply(
      ConsumerRecord<String, byte[]> r,
      BiFunction<Mutiny.Session, InboundEvent, Uni<Void>> effect) {
    return inbox.accept(CONSUMER, r, Order.LATEST, effect).invoke(scopes::forget);
  }

  private Uni<Void> tellApplied() {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (ReferenceListener listener : listeners) {
      done = done.chain(listener::tenantApplied);
    }
    return done;
  }

  private Uni<Void> tenant(Mutiny.Session s, InboundEvent event) {
    TenantFact fact = event.dataAs(json, TenantFact.class);
    Uni<Void> done =
        Sql.update(
                s,
                """
                insert into tenant_ref (tenant_id, slug, parent_id, state, fact)
                values (?1, ?2, cast(cast(?3 as text) as uuid), ?4, cast(cast(?5 as text) as jsonb))
                on conflict (tenant_id) do update set slug = excluded.slug,
                  parent_id = excluded.parent_id, state = excluded.state, fact = excluded.fact""",
                fact.tenantId().value(),
                fact.slug(),
                Optional.ofNullable(fact.parentId()).map(p -> p.value().toString()).orElse(null),
                fact.state(),
                write(fact))
            .replaceWithVoid();
    for (ReferenceListener listener : listeners) {
      done = done.chain(() -> listener.onTenant(s, fact));
    }
    return done;
  }

  private Uni<Void> project(Mutiny.Session s, InboundEvent event) {
    ProjectFact fact = event.dataAs(json, ProjectFact.class);
    Uni<Void> done =
        Sql.update(
                s,
                """
                insert into project_ref (project_id, tenant_id, slug, state, fact)
                values (?1, ?2, ?3, ?4, cast(cast(?5 as text) as jsonb))
                on conflict (project_id) do update set slug = excluded.slug,
                  state = excluded.state, fact = excluded.fact""",
                fact.projectId().value(),
                fact.tenantId().value(),
                fact.slug(),
                fact.state(),
                write(fact))
            .replaceWithVoid();
    for (ReferenceListener listener : listeners) {
      done = done.chain(() -> listener.onProject(s, fact));
    }
    return done;
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
