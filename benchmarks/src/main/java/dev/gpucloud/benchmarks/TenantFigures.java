package dev.gpucloud.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What people wait for around tenants, on the running stack: a tenant from the request until
 * Keycloak has its organisation and owner, and a page of a list of many members. What it makes
 * stays.
 */
public final class TenantFigures {
  private static final int ONBOARDINGS = 100;
  private static final int READS = 400;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MEMBERS_A_CALL = 1_000;

  private final String run = UUID.randomUUID().toString().substring(0, 6);
  private final StackApi stack;

  private TenantFigures(StackApi stack) {
    this.stack = stack;
  }

  /** Arguments: data folder of the stack, members of the large tenant, commit. */
  public static void main(String[] args) throws Exception {
    var figures = new TenantFigures(new StackApi(Path.of(args[0])));
    System.out.println("what,count,p50_ms,p95_ms,p99_ms,max_ms,commit");
    figures.onboarding(args[2]);
    figures.members(Integer.parseInt(args[1]), args[2]);
  }

  private void onboarding(String commit) throws IOException, InterruptedException {
    List<String> owners = stack.makeUsers("owner-" + run + "-", ONBOARDINGS + 10);
    for (int i = ONBOARDINGS; i < owners.size(); i++) {
      onboard(i, owners.get(i)); // warm
    }
    double[] millis = new double[ONBOARDINGS];
    for (int i = 0; i < ONBOARDINGS; i++) {
      millis[i] = onboard(i, owners.get(i));
      StackApi.bar("onboarding", i + 1L, ONBOARDINGS);
    }
    row("onboarding until Keycloak has organisation and owner", millis, commit);
  }

  private double onboard(int number, String owner) throws IOException, InterruptedException {
    String slug = "ob-" + run + "-" + number;
    ObjectNode tenant = tenant(StackApi.JSON.createObjectNode(), slug);
    tenant.putArray("projects").add("first");
    member(tenant.putArray("members"), owner, "owner-" + run + "-" + number, "OWNER");
    long begin = System.nanoTime();
    stack.asAdmin("POST", "/admin/tenants", tenant);
    while (!hasOwner(slug, owner)) {
      Thread.sleep(20);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private boolean hasOwner(String slug, String owner) throws IOException, InterruptedException {
    JsonNode found =
        stack.atKeycloak("GET", "/organizations?exact=true&search=" + slug, null).path(0);
    if (found.isMissingNode()) {
      return false;
    }
    JsonNode members =
        stack.atKeycloak(
            "GET", "/organizations/" + found.path("id").asText() + "/members?max=5", null);
    return members.findValuesAsText("id").contains(owner);
  }

  private void members(int count, String commit) throws IOException, InterruptedException {
    String slug = "big-" + run;
    List<String> people = stack.makeUsers("m-" + run + "-", count);
    for (int from = 0; from < count; from += MEMBERS_A_CALL) {
      ObjectNode document = StackApi.JSON.createObjectNode();
      ObjectNode tenant = tenant(document.putArray("tenants").addObject(), slug);
      ArrayNode members = tenant.putArray("members");
      for (int i = from; i < Math.min(count, from + MEMBERS_A_CALL); i++) {
        member(members, people.get(i), "m-" + run + "-" + i, i == 0 ? "OWNER" : "VIEWER");
      }
      stack.asAdmin("POST", "/admin/imports/tenants", document);
      StackApi.bar("members", members.size() + from, count);
    }
    addMe(slug);
    awaitMe(slug);
    stack.awaitDirectory("in step", count);
    read(slug, 50, commit, count);
    read(slug, 1_000, commit, count);
  }

  /** The admin reads as an owner: members are read by members. */
  private void addMe(String slug) throws IOException, InterruptedException {
    JsonNode me = stack.asAdmin("GET", "/me", null);
    ObjectNode document = StackApi.JSON.createObjectNode();
    ObjectNode tenant = tenant(document.putArray("tenants").addObject(), slug);
    member(tenant.putArray("members"), me.path("subject").asText(), "platform-admin", "OWNER");
    stack.asAdmin("POST", "/admin/imports/tenants", document);
  }

  /** Services learn of a member from the topic. */
  private void awaitMe(String slug) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        stack.asAdmin("GET", "/tenants/" + slug + "/members?pageSize=1", null);
        return;
      } catch (IOException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
        Thread.sleep(200);
      }
    }
  }

  private void read(String slug, int pageSize, String commit, int count)
      throws IOException, InterruptedException {
    double[] millis = new double[READS];
    String token = "";
    for (int i = -100; i < READS; i++) {
      String path = "/tenants/" + slug + "/members?pageSize=" + pageSize;
      long begin = System.nanoTime();
      JsonNode page =
          stack.asAdmin("GET", token.isEmpty() ? path : path + "&pageToken=" + token, null);
      if (i >= 0) {
        millis[i] = (System.nanoTime() - begin) / 1e6;
        StackApi.bar("reads", i + 1L, READS);
      }
      token = page.path("nextPageToken").asText("");
      token = token.equals("null") ? "" : token;
    }
    row("page of %d of %d members".formatted(pageSize, count), millis, commit);
  }

  private static ObjectNode tenant(ObjectNode tenant, String slug) {
    return tenant
        .put("slug", slug)
        .put("name", slug)
        .put("kind", "EXTERNAL")
        .put("segment", "STARTUP")
        .put("billingMode", "EXTERNAL")
        .put("businessNumber", "000-00-00048")
        .put("sharesAccountWith", "hanbit-robotics");
  }

  private static void member(ArrayNode members, String subject, String name, String role) {
    members.addObject().put("subject", subject).put("username", name).putArray("roles").add(role);
  }

  private static void row(String what, double[] millis, String commit) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%s,%d,%.1f,%.1f,%.1f,%.1f,%s%n",
        what,
        sorted.length,
        rank(sorted, 0.5),
        rank(sorted, 0.95),
        rank(sorted, 0.99),
        sorted[sorted.length - 1],
        commit);
  }

  /** The nearest-rank percentile. */
  private static double rank(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
