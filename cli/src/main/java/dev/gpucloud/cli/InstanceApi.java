package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Instances of one project, as calls. */
public final class InstanceApi {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
  private final ApiClient api;
  private final String base;

  public InstanceApi(ApiClient api, String project) {
    this.api = api;
    this.base = "/projects/" + ApiClient.escape(project) + "/instances";
  }

  /** Creates one; the answer is the instance as it was accepted. */
  public JsonNode create(NewInstance wanted, String idempotencyKey) {
    ObjectNode body =
        Json.object().put("name", wanted.name()).put("instanceType", wanted.instanceType());
    if (wanted.site() != null) {
      body.put("site", wanted.site());
    }
    if (wanted.purchaseClass() != null) {
      body.put("purchaseClass", wanted.purchaseClass());
    }
    if (wanted.image() != null) {
      body.put("image", wanted.image());
    }
    if (!wanted.sshKeys().isEmpty()) {
      wanted.sshKeys().forEach(body.putArray("sshKeys")::add);
    }
    if (wanted.userDataBase64() != null) {
      body.put("userDataBase64", wanted.userDataBase64());
    }
    return api.post(base, body, idempotencyKey).body();
  }

  /** All instances that are not deleted, and the deleted ones the service still lists. */
  public JsonNode list() {
    return api.list(base);
  }

  /** One by its id or name. */
  public JsonNode load(String id) {
    return api.get(base + "/" + ApiClient.escape(id)).body();
  }

  /** Asks for another type. */
  public JsonNode resize(String id, String instanceType, String idempotencyKey) {
    ObjectNode body = Json.object().put("instanceType", instanceType);
    return api.post(base + "/" + ApiClient.escape(id) + "/resize", body, idempotencyKey).body();
  }

  /** Moves one to another project of its tenant. */
  public JsonNode move(String id, String project, String idempotencyKey) {
    ObjectNode body = Json.object().put("project", project);
    return api.post(base + "/" + ApiClient.escape(id) + "/move", body, idempotencyKey).body();
  }

  /** What stands below an instance: {@code setup}, {@code connect}, {@code console-log}. */
  public JsonNode part(String id, String part) {
    return api.get(base + "/" + ApiClient.escape(id) + "/" + part).body();
  }

  /** Looks until an operation has ended well, and answers the instance then. */
  public JsonNode awaitOperation(JsonNode instance, Duration atMost) {
    String id = instance.path("id").asText();
    String operation = instance.path("operation").asText();
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      JsonNode seen = api.get("/operations/" + ApiClient.escape(operation)).body();
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

  /** Asks for {@code stop}, {@code start} or {@code reboot}. */
  public JsonNode act(String id, String action, String idempotencyKey) {
    return api.post(base + "/" + ApiClient.escape(id) + "/" + action, null, idempotencyKey).body();
  }

  /** Asks for deletion. */
  public JsonNode delete(String id, String idempotencyKey) {
    return api.delete(base + "/" + ApiClient.escape(id), idempotencyKey).body();
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
