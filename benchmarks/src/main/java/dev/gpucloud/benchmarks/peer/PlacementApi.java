package dev.gpucloud.benchmarks.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * OpenStack Placement's HTTP API as its own clients use it, microversion 1.36: candidates are asked
 * for, one is claimed under its generation, a conflict is answered with 409.
 */
final class PlacementApi {
  static final String GPU = "CUSTOM_GPU_B200";
  static final int GPUS = 8;
  private static final int VCPUS = 224;
  private static final int MEMORY_MB = 1792 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  PlacementApi(URI base) {
    this.base = base;
  }

  /** A host that could take a claim, with what the claim would hold there. */
  record Candidate(JsonNode allocations) {}

  void defineGpu(List<String> traits) throws IOException, InterruptedException {
    expect(send("PUT", "/resource_classes/" + GPU, null), 201, 204);
    for (String trait : traits) {
      expect(send("PUT", "/traits/" + trait, null), 201, 204);
    }
  }

  /** A host with its inventory, its site and fabric as traits and its rack as an aggregate. */
  void addHost(UUID id, String name, List<String> traits, UUID rack)
      throws IOException, InterruptedException {
    ObjectNode host = JSON.createObjectNode().put("name", name).put("uuid", id.toString());
    expect(send("POST", "/resource_providers", host), 200, 201);
    ObjectNode inventory = JSON.createObjectNode().put("resource_provider_generation", 0);
    ObjectNode resources = inventory.putObject("inventories");
    resources.putObject(GPU).put("total", GPUS);
    resources.putObject("VCPU").put("total", VCPUS).put("allocation_ratio", 1.0);
    resources.putObject("MEMORY_MB").put("total", MEMORY_MB).put("allocation_ratio", 1.0);
    expect(send("PUT", "/resource_providers/" + id + "/inventories", inventory), 200);
    ObjectNode traitList = JSON.createObjectNode().put("resource_provider_generation", 1);
    ArrayNode names = traitList.putArray("traits");
    traits.forEach(names::add);
    expect(send("PUT", "/resource_providers/" + id + "/traits", traitList), 200);
    ObjectNode aggregates = JSON.createObjectNode().put("resource_provider_generation", 2);
    aggregates.putArray("aggregates").add(rack.toString());
    expect(send("PUT", "/resource_providers/" + id + "/aggregates", aggregates), 200);
  }

  /** The first ten hosts that could take so many GPUs with their share of the host. */
  List<Candidate> candidates(int gpus) throws IOException, InterruptedException {
    String query =
        "/allocation_candidates?limit=10&resources=%s:%d,VCPU:%d,MEMORY_MB:%d"
            .formatted(GPU, gpus, VCPUS / GPUS * gpus, MEMORY_MB / GPUS * gpus);
    HttpResponse<String> answer = send("GET", query, null);
    expect(answer, 200);
    List<Candidate> found = new ArrayList<>();
    JSON.readTree(answer.body())
        .path("allocation_requests")
        .forEach(request -> found.add(new Candidate(request.path("allocations"))));
    return found;
  }

  /** Holds GPUs of a named host outright. */
  boolean claimOn(UUID consumer, UUID host, int gpus) throws IOException, InterruptedException {
    ObjectNode allocations = JSON.createObjectNode();
    allocations
        .putObject(host.toString())
        .putObject("resources")
        .put(GPU, gpus)
        .put("VCPU", VCPUS / GPUS * gpus)
        .put("MEMORY_MB", MEMORY_MB / GPUS * gpus);
    return claim(consumer, new Candidate(allocations));
  }

  /** Claims a candidate; false when it changed since it was read. */
  boolean claim(UUID consumer, Candidate candidate) throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    body.set("allocations", candidate.allocations());
    body.put("project_id", "benchmark").put("user_id", "benchmark");
    body.putNull("consumer_generation");
    HttpResponse<String> answer = send("PUT", "/allocations/" + consumer, body);
    expect(answer, 204, 409);
    return answer.statusCode() == 204;
  }

  void release(UUID consumer) throws IOException, InterruptedException {
    expect(send("DELETE", "/allocations/" + consumer, null), 204);
  }

  private HttpResponse<String> send(String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofMinutes(1))
            .header("OpenStack-API-Version", "placement 1.36")
            .header("X-Auth-Token", "admin")
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static void expect(HttpResponse<String> answer, int... statuses) throws IOException {
    for (int status : statuses) {
      if (answer.statusCode() == status) {
        return;
      }
    }
    throw new IOException(
        answer.request().uri() + ": " + answer.statusCode() + " " + answer.body());
  }
}
