package dev.gpucloud.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Onboards many tenants with many people on the running stack and measures how long the import
 * takes and how long until Keycloak has every organisation and membership. People are made in
 * Keycloak first, for a member is known there by its id. What it makes stays: use a stack of its
 * own.
 */
public final class DirectoryLoad {
  private static final int TENANTS_A_CALL = 100;

  private final String run = UUID.randomUUID().toString().substring(0, 6);
  private final StackApi stack;

  private DirectoryLoad(StackApi stack) {
    this.stack = stack;
  }

  /** Arguments: data folder of the stack, organisations, users. */
  public static void main(String[] args) throws Exception {
    new DirectoryLoad(new StackApi(Path.of(args[0])))
        .measure(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
  }

  private void measure(int organisations, int users) throws IOException, InterruptedException {
    stack.awaitDirectory("before", 0);
    List<String> subjects = stack.makeUsers("load-" + run + "-", users);
    long begin = System.nanoTime();
    onboard(organisations, subjects);
    double onboarded = seconds(begin);
    stack.awaitDirectory("in step", organisations + users);
    double inStep = seconds(begin);
    System.out.println("organisations,users,onboardSeconds,inStepSeconds,entriesPerSecond");
    System.out.printf(
        Locale.ROOT,
        "%d,%d,%.1f,%.1f,%.1f%n",
        organisations,
        users,
        onboarded,
        inStep,
        (organisations + users) / inStep);
  }

  private void onboard(int count, List<String> subjects) throws IOException, InterruptedException {
    int made = 0;
    while (made < count) {
      ObjectNode document = StackApi.JSON.createObjectNode();
      ArrayNode tenants = document.putArray("tenants");
      for (int i = 0; i < TENANTS_A_CALL && made < count; i++, made++) {
        tenant(tenants.addObject(), made, count, subjects);
      }
      stack.asAdmin("POST", "/admin/imports/tenants", document);
      StackApi.bar("onboarded", made, count);
    }
  }

  /** Its share of the people: every count-th of them, the first as owner. */
  private void tenant(ObjectNode tenant, int number, int count, List<String> subjects) {
    tenant.put("slug", "load-" + run + "-" + number).put("name", "Load " + number);
    tenant
        .put("kind", "EXTERNAL")
        .put("segment", "STARTUP")
        .put("billingMode", "EXTERNAL")
        .put("businessNumber", "000-00-00048")
        .put("sharesAccountWith", "hanbit-robotics");
    ArrayNode members = tenant.putArray("members");
    for (int i = number; i < subjects.size(); i += count) {
      ObjectNode member = members.addObject();
      member.put("subject", subjects.get(i)).put("username", "load-" + run + "-" + i);
      member.putArray("roles").add(i == number ? "OWNER" : "VIEWER");
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
