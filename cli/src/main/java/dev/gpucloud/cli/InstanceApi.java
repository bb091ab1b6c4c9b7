package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.api.InstancesApi;
import dev.gpucloud.client.api.OperationsApi;
import dev.gpucloud.client.model.CreateInstanceRequest;
import dev.gpucloud.client.model.MoveInstanceRequest;
import dev.gpucloud.client.model.ResizeInstanceRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Instances of one project, as calls. */
public final class InstanceApi {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
  private final ApiClient api;
  private final String project;

  public InstanceApi(ApiClient api, String project) {
    this.api = api;
    this.project = project;
  }

  /** Creates one; the answer is the instance as it was accepted. */
  public JsonNode create(NewInstance wanted, String idempotencyKey) {
    CreateInstanceRequest body =
        new CreateInstanceRequest()
            .name(wanted.name())
            .instanceType(wanted.instanceType())
            .site(wanted.site())
            .purchaseClass(wanted.purchaseClass())
            .image(wanted.image())
            .sshKeys(wanted.sshKeys().isEmpty() ? null : wanted.sshKeys())
            .userDataBase64(wanted.userDataBase64());
    return api.post(InstancesApi.instanceResourceCreate(project), body, idempotencyKey).body();
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
  public JsonNode awaitOperation(JsonNode instance, Duration atMost) {
    String id = instance.path("id").asText();
    String operation = instance.path("operation").asText();
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      JsonNode seen = api.get(OperationsApi.operationResourceGet(operation)).body();
      String state = seen.path("state").asText();
      if (state.equals("SUCCEEDED")) {
        return load(id);
      }
      if (!state.equals("RUNNING") || System.nanoTime() > deadline) {
        throw new CliException(
            ExitCode.WAITED_IN_VAIN,
            "The operation %s on %s is %s.".formatted(operation, id, state),
            "reason: " + Fields.text(seen, "reason"));
      }
      sleep();
    }
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
    long deadline = System.nanoTime() + atMost.toNanos();
    String last = "";
    while (true) {
      JsonNode instance = look(id, state);
      String now = instance.path("state").asText();
      if (!now.equals(last)) {
        changed.accept(instance);
        last = now;
      }
      if (now.equals(state)) {
        return instance;
      }
      if (isDeadEnd(now, state) || System.nanoTime() > deadline) {
        throw new CliException(
            ExitCode.WAITED_IN_VAIN,
            "%s is %s, not %s.".formatted(id, now, state),
            "reason: " + Fields.text(instance, "reason"));
      }
      sleep();
    }
  }

  private JsonNode look(String id, String wanted) {
    try {
      return load(id);
    } catch (ApiProblem problem) {
      if (problem.status() == 404 && wanted.equals("DELETED")) {
        return Json.object().put("id", id).put("state", "DELETED");
      }
      throw problem;
    }
  }

  private static boolean isDeadEnd(String now, String wanted) {
    return now.equals("FAILED")
        || now.equals("DELETED")
        || (Set.of("DELETING").contains(now) && !wanted.equals("DELETED"));
  }

  private static void sleep() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERNAL, "Interrupted.");
    }
  }

  /** What to create. */
  public record NewInstance(
      String name,
      String instanceType,
      @Nullable String site,
      @Nullable String purchaseClass,
      @Nullable String image,
      List<String> sshKeys,
      @Nullable String userDataBase64) {

    /** One of a shape alone. */
    public NewInstance(
        String name, String instanceType, @Nullable String site, @Nullable String purchaseClass) {
      this(name, instanceType, site, purchaseClass, null, List.of(), null);
    }
  }
}
