package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.InstancesApi;
import dev.gpucloud.client.model.CreateInstanceRequest;
import dev.gpucloud.client.model.MoveInstanceRequest;
import dev.gpucloud.client.model.ResizeInstanceRequest;
import java.time.Duration;
import java.util.function.Consumer;

/** Instances of one project, as calls. */
public final class InstanceApi {
  private final ApiClient api;
  private final String project;

  public InstanceApi(ApiClient api, String project) {
    this.api = api;
    this.project = project;
  }

  /** Creates one; the answer is the instance as it was accepted. */
  public JsonNode create(CreateInstanceRequest wanted, String idempotencyKey) {
    return api.post(InstancesApi.instanceResourceCreate(project), wanted, idempotencyKey).body();
  }

  /** All instances that are not deleted, and the deleted ones the service still lists. */
  public JsonNode list() {
    return api.list(InstancesApi.instanceResourceList(project));
  }

  /** One by its id or name. */
  public JsonNode load(String id) {
    return api.get(InstancesApi.instanceResourceGet(id, project)).body();
  }

  /** Asks for another type. */
  public JsonNode resize(String id, String instanceType, String idempotencyKey) {
    ResizeInstanceRequest body = new ResizeInstanceRequest().instanceType(instanceType);
    return api.post(InstancesApi.reshapeResourceResize(id, project), body, idempotencyKey).body();
  }

  /** Moves one to another project of its tenant. */
  public JsonNode move(String id, String to, String idempotencyKey) {
    MoveInstanceRequest body = new MoveInstanceRequest().project(to);
    return api.post(InstancesApi.reshapeResourceMove(id, project), body, idempotencyKey).body();
  }

  /** What an instance is beside its GPUs. */
  public JsonNode setup(String id) {
    return api.get(InstancesApi.setupResourceSetup(id, project)).body();
  }

  /** How to log in to it. */
  public JsonNode connect(String id) {
    return api.get(InstancesApi.setupResourceConnect(id, project)).body();
  }

  /** What its console ends with. */
  public JsonNode consoleLog(String id) {
    return api.get(InstancesApi.setupResourceConsoleLog(id, project)).body();
  }

  /** Looks until an operation has ended well, and answers the instance then. */
  JsonNode awaitOperation(JsonNode instance, Patience patience) {
    OperationsCommand.await(api, instance.path("operation").asText(), patience);
    return load(instance.path("id").asText());
  }

  /** Asks it to stop. */
  public JsonNode stop(String id, String idempotencyKey) {
    return api.post(InstancesApi.instanceResourceStop(id, project), null, idempotencyKey).body();
  }

  /** Asks it to start. */
  public JsonNode start(String id, String idempotencyKey) {
    return api.post(InstancesApi.instanceResourceStart(id, project), null, idempotencyKey).body();
  }

  /** Asks it to reboot. */
  public JsonNode reboot(String id, String idempotencyKey) {
    return api.post(InstancesApi.reshapeResourceReboot(id, project), null, idempotencyKey).body();
  }

  /** Asks for deletion. */
  public JsonNode delete(String id, String idempotencyKey) {
    return api.delete(InstancesApi.instanceResourceDelete(id, project), idempotencyKey).body();
  }

  /**
   * Looks until the instance is in the state, and tells of each change. Gives up when it reaches a
   * state from which it will not come, or when the time is over. Absent counts as DELETED.
   */
  public JsonNode await(String id, String state, Duration atMost, Consumer<JsonNode> changed) {
    return await(id, state, new Patience(atMost, new Changes(changed)));
  }

  JsonNode await(String id, String state, Patience patience) {
    return patience.until(
        () -> state.equals("DELETED") ? Patience.orDeleted(id, () -> load(id)) : load(id),
        instance -> Patience.Verdict.of(instance, state),
        instance -> "%s is %s, not %s.".formatted(id, Fields.text(instance, "state"), state));
  }

  /** Tells of an instance when its state is another than before. */
  private static final class Changes implements Patience.Witness {
    private final Consumer<JsonNode> changed;
    private String last = "";

    Changes(Consumer<JsonNode> changed) {
      this.changed = changed;
    }

    @Override
    public void saw(JsonNode instance, Patience.Verdict verdict, Duration waited) {
      String now = instance.path("state").asText();
      if (!now.equals(last)) {
        last = now;
        changed.accept(instance);
      }
    }
  }
}
