package dev.gpucloud.benchmarks.writer;

import dev.gpucloud.contracts.event.AuditFact;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.OperationId;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.inventory.catalogue.CatalogueCache;
import dev.gpucloud.inventory.instance.InstanceDraft;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.instance.Standing;
import dev.gpucloud.inventory.placement.Outcome;
import dev.gpucloud.inventory.placement.Placement;
import dev.gpucloud.inventory.placement.Task;
import dev.gpucloud.inventory.placement.engine.Demand;
import dev.gpucloud.inventory.provisioning.InstanceAnswers;
import dev.gpucloud.kit.audit.AuditOrigin;
import dev.gpucloud.kit.idempotency.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** What is asked of the allocation writer: all that a request or a proof brings, without HTTP. */
@ApplicationScoped
class Work {
  private static final AuditOrigin ORIGIN =
      new AuditOrigin(
          new AuditFact.Actor(
              "USER", "8f14e45f-ceea-467f-9575-e1c1d4f7a2f0", "bench-operator", null, null),
          "203.0.113.7",
          "5f0b2a9c-1f6e-4d9b-8f53-1f2d7b8a9001",
          "instance.create");

  private final Placement placement;
  private final CatalogueCache catalogue;
  private final InstanceAnswers answers;

  Work(Placement placement, CatalogueCache catalogue, InstanceAnswers answers) {
    this.placement = placement;
    this.catalogue = catalogue;
    this.answers = answers;
  }

  /** Places an instance durably; anything but a placement fails. */
  Uni<Void> allocate(BenchWorld.Customer customer, String type) {
    return placement
        .place(create(customer, catalogue.current().type(type).orElseThrow()))
        .invoke(
            outcome -> {
              if (!(outcome instanceof Outcome.Done)) {
                throw new IllegalStateException("not placed: " + outcome);
              }
            })
        .replaceWithVoid();
  }

  /** Frees an allocation whose proof of release is stored. */
  Uni<Void> release(Proofs.Due due) {
    return placement.release(due.pool(), due.allocation());
  }

  private Task.Create create(BenchWorld.Customer customer, OfferedShape type) {
    InstanceId id = new InstanceId(Ids.next());
    String name = "bench-" + id.value();
    InstanceDraft draft =
        new InstanceDraft(
            id,
            new OperationId(Ids.next()),
            customer.tenant(),
            customer.project(),
            name,
            type,
            null,
            "ON_DEMAND",
            "{}",
            "bench-operator",
            null,
            Standing.ANYWHERE);
    Demand demand = new Demand(customer.tenant().slug(), type.model(), type.shape(), null, null, 0);
    IdempotencyKey key = key(customer, name);
    return new Task.Create(
        draft,
        demand,
        new RunId(Ids.next()),
        key,
        "00-%s-%016x-01".formatted(id.value().toString().replace("-", ""), 1),
        ORIGIN,
        instance -> answers.accepted(key, instance));
  }

  private static IdempotencyKey key(BenchWorld.Customer customer, String request) {
    String scope =
        customer.tenant().id()
            + "|8f14e45f-ceea-467f-9575-e1c1d4f7a2f0|POST /api/v1/projects/{project}/instances";
    return new IdempotencyKey(
        scope, UUID.randomUUID().toString(), hash(request), customer.tenant().id());
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
