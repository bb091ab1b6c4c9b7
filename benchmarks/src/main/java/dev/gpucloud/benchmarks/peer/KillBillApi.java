package dev.gpucloud.benchmarks.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;

/** Kill Bill's HTTP API as its own clients use it, of one tenant. */
final class KillBillApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASIC =
      "Basic "
          + Base64.getEncoder().encodeToString("admin:password".getBytes(StandardCharsets.UTF_8));
  private static final String PLAN = "gpu-monthly";
  private static final String UNIT = "gpu-hours";

  /** Its control tag by which no payment of an invoice is tried. */
  private static final String AUTO_PAY_OFF = "00000000-0000-0000-0000-000000000001";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  KillBillApi(URI base) {
    this.base = base;
  }

  /** Whether the server has started. */
  boolean answers() throws IOException, InterruptedException {
    try {
      return send("GET", "/1.0/kb/nodesInfo", "application/json", null).statusCode() == 200;
    } catch (ConnectException _) {
      return false;
    }
  }

  void createTenant() throws IOException, InterruptedException {
    ObjectNode tenant = JSON.createObjectNode().put("apiKey", "bench").put("apiSecret", "bench");
    expect(post("/1.0/kb/tenants", tenant.toString()), 201);
  }

  void uploadCatalog(String xml) throws IOException, InterruptedException {
    expect(send("POST", "/1.0/kb/catalog/xml", "text/xml", xml), 201);
  }

  /** Jumps the clock, and does not wait for what that sets off. */
  void clock(Instant to) throws IOException, InterruptedException {
    expect(post("/1.0/kb/test/clock?timeoutSec=0&requestedDate=" + to, ""), 200);
  }

  /** Waits until nothing that is due is left in its queues. */
  void settle() throws IOException, InterruptedException {
    expect(send("GET", "/1.0/kb/test/queues?timeoutSec=240", "application/json", null), 200);
  }

  /** An account that is billed on the first of a month and not charged; answers its id. */
  String createAccount(int number) throws IOException, InterruptedException {
    ObjectNode account =
        JSON.createObjectNode()
            .put("name", "Account " + number)
            .put("externalKey", "account-" + number)
            .put("currency", "USD")
            .put("billCycleDayLocal", 1)
            .put("timeZone", "UTC");
    String id = created(post("/1.0/kb/accounts", account.toString()));
    ArrayNode tags = JSON.createArrayNode().add(AUTO_PAY_OFF);
    expect(post("/1.0/kb/accounts/" + id + "/tags", tags.toString()), 201);
    return id;
  }

  /** Subscribes an account to the only plan; answers the subscription's id. */
  String subscribe(String account) throws IOException, InterruptedException {
    ObjectNode subscription =
        JSON.createObjectNode().put("accountId", account).put("planName", PLAN);
    return created(post("/1.0/kb/subscriptions", subscription.toString()));
  }

  /** One row of usage under an id of its own. */
  void use(String subscription, String trackingId, LocalDate day, int amount)
      throws IOException, InterruptedException {
    ObjectNode usage =
        JSON.createObjectNode().put("subscriptionId", subscription).put("trackingId", trackingId);
    ObjectNode unit = usage.putArray("unitUsageRecords").addObject().put("unitType", UNIT);
    unit.putArray("usageRecords")
        .addObject()
        .put("recordDate", day.toString())
        .put("amount", amount);
    expect(post("/1.0/kb/usages", usage.toString()), 201);
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send("POST", path, "application/json", body);
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofMinutes(5))
            .header("Authorization", BASIC)
            .header("X-Killbill-ApiKey", "bench")
            .header("X-Killbill-ApiSecret", "bench")
            .header("X-Killbill-CreatedBy", "bench")
            .header("Content-Type", type)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String created(HttpResponse<String> answer) throws IOException {
    expect(answer, 201);
    String location = answer.headers().firstValue("Location").orElseThrow();
    String path = URI.create(location).getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static void expect(HttpResponse<String> answer, int status) throws IOException {
    if (answer.statusCode() != status) {
      throw new IOException(
          answer.request().uri() + ": " + answer.statusCode() + " " + answer.body());
    }
  }
}
