package dev.gpucloud.billing.metering;

import dev.gpucloud.billing.metering.engine.RunFact;
import dev.gpucloud.billing.metering.engine.Scope;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.contracts.event.EventTypes;
import dev.gpucloud.contracts.event.InstanceFact;
import java.util.Map;

/** How instance events map to what the metering engine knows. */
final class MeteredEvent {
  private static final Map<String, RunFact.Kind> KINDS =
      Map.of(
          EventTypes.INSTANCE_STARTED,
          RunFact.Kind.STARTED,
          EventTypes.INSTANCE_MOVED,
          RunFact.Kind.MOVED,
          EventTypes.INSTANCE_RESIZED,
          RunFact.Kind.RESIZED,
          EventTypes.INSTANCE_STOPPED,
          RunFact.Kind.STOPPED);

  private MeteredEvent() {}

  static boolean isMetered(String type) {
    return KINDS.containsKey(type);
  }

  static RunFact runFact(String type, long sequence, InstanceFact fact) {
    RunFact.Kind kind = KINDS.get(type);
    if (kind == null) {
      throw new IllegalArgumentException(type + " is not metered");
    }
    return new RunFact(sequence, kind, fact.at(), scope(fact), shape(fact));
  }

  private static Scope scope(InstanceFact fact) {
    return new Scope(fact.tenantId(), fact.projectId(), fact.projectSlug(), fact.costCenter());
  }

  private static Shape shape(InstanceFact fact) {
    return new Shape(
        fact.instanceType(),
        fact.gpuModel(),
        fact.gpus(),
        fact.migProfile(),
        fact.site(),
        fact.region(),
        fact.purchaseClass());
  }
}
