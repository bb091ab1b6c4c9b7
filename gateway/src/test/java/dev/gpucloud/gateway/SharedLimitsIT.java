package dev.gpucloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.Fleet;
import dev.gpucloud.testsupport.Replica;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two and three processes of the packaged gateway that share limits through a real PostgreSQL. */
class SharedLimitsIT {
  private static final int LIMIT = 80;
  private static final int OF_TENANT = 120;
  private static final int WRONG = 20;
  private static Fleet fleet;
  private static Replica one;
  private static Replica two;

  @BeforeAll
  static void start() throws Exception {
    fleet =
        new Fleet(
            Map.of(
                "window",
                "PT1H",
                "replicas",
                "2",
                "reads-per-user",
                Integer.toString(LIMIT),
                "reads-per-tenant",
                Integer.toString(OF_TENANT),
                "wrong-credentials-per-address",
                Integer.toString(WRONG)));
    one = fleet.start("limits-one");
    two = fleet.start("limits-two");
    one.awaitReady();
    two.awaitReady();
  }

  @BeforeEach
  void bothShare() throws Exception {
    fleet.awaitSharedBy(2, one, two);
  }

  @AfterAll
  static void end() {
    one.close();
    two.close();
    fleet.close();
  }

  @Test
  void aCallerOfTwoReplicasGetsTheLimitOnce() throws Exception {
    int given = 0;
    for (int i = 0; i < 2 * LIMIT; i++) {
      given += fleet.get(i % 2 == 0 ? one : two, "/api/v1/me", "both").statusCode() == 200 ? 1 : 0;
      Thread.sleep(5);
    }

    assertThat(given).isBetween(LIMIT * 7 / 8, LIMIT);
  }

  @Test
  void aSingleConnectionGetsMoreThanItsShareAndTheOthersPortionIsLeft() throws Exception {
    assertThat(drained(one, "single")).isBetween(LIMIT * 7 / 8 - 1, LIMIT * 7 / 8 + 1);

    assertThat(drained(two, "single")).isBetween(1, LIMIT / 8);
    HttpResponse<String> refused = fleet.get(two, "/api/v1/me", "single");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(header(refused, "RateLimit-Policy")).isEqualTo("\"user-read\";q=80;w=3600");
    assertThat(header(refused, "RateLimit")).matches("\"user-read\";r=0;t=3[1-6]\\d\\d");
    assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1, 900);
  }

  @Test
  void whatOneReplicaGaveTheOtherTells() throws Exception {
    for (int i = 0; i < 40; i++) {
      fleet.get(one, "/api/v1/me", "told");
      Thread.sleep(10);
    }
    for (int i = 0; i < 6; i++) {
      fleet.get(two, "/api/v1/me", "told");
    }
    Thread.sleep(600);

    HttpResponse<String> next = fleet.get(two, "/api/v1/me", "told");

    assertThat(next.statusCode()).isEqualTo(200);
    assertThat(header(next, "RateLimit")).matches("\"user-read\";r=3[3-9];t=[12]\\d\\d\\d");
  }

  @Test
  void wrongCredentialsAreCountedOverReplicas() throws Exception {
    int tried = 0;
    for (int i = 0; i < 3 * WRONG; i++) {
      Replica at = i % 2 == 0 ? one : two;
      tried += fleet.send(at, "/api/v1/me", "wrong-" + i).statusCode() == 401 ? 1 : 0;
      Thread.sleep(5);
    }

    assertThat(tried).isBetween(WRONG / 2, WRONG);
  }

  @Test
  void aTenantsStormOverBothReplicasTakesNothingFromAnother() throws Exception {
    int given = 0;
    for (int i = 0; i < 4 * OF_TENANT; i++) {
      String user = "storm-" + i / 2 % 8;
      given +=
          fleet.get(i % 2 == 0 ? one : two, "/api/v1/tenants/acme", user).statusCode() == 200
              ? 1
              : 0;
    }

    // the first request of each user at each replica teaches which tenant it is
    assertThat(given).isBetween(OF_TENANT * 3 / 4, OF_TENANT + 16);
    HttpResponse<String> refused = fleet.get(one, "/api/v1/tenants/acme", "storm-1");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(new JsonObject(refused.body()).getJsonObject("params").getString("limit"))
        .isEqualTo("tenant-read");
    for (Replica replica : List.of(one, two)) {
      for (int i = 0; i < 5; i++) {
        assertThat(fleet.get(replica, "/api/v1/tenants/other", "calm").statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void withoutTheStoreEachGivesItsShareAndThenTheyShareAgain() throws Exception {
    fleet.takeStoreAway();
    try {
      fleet.awaitSharedBy(0, one, two);

      HttpResponse<String> answer = fleet.get(one, "/api/v1/me", "away");
      assertThat(header(answer, "RateLimit-Policy")).isEqualTo("\"user-read\";q=40;w=3600");
      assertThat(drained(one, "away")).isEqualTo(LIMIT / 2 - 1);
      assertThat(drained(two, "away")).isEqualTo(LIMIT / 2);
    } finally {
      fleet.bringStoreBack();
    }
    fleet.awaitSharedBy(2, one, two);

    // both told what they gave; the first to tell may have a portion before it hears of the other
    assertThat(drained(one, "away") + drained(two, "away")).isLessThanOrEqualTo(LIMIT / 4);
    assertThat(drained(one, "back")).isBetween(LIMIT * 7 / 8 - 1, LIMIT * 7 / 8 + 1);
  }

  @Test
  void aStoreThatHangsKeepsNobodyWaiting() throws Exception {
    try (Connection lock = fleet.store();
        Statement statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("lock table limits_replica in access exclusive mode");
      fleet.awaitSharedBy(0, one, two);

      long began = System.nanoTime();
      assertThat(fleet.get(one, "/api/v1/me", "hanging").statusCode()).isEqualTo(200);
      assertThat(System.nanoTime() - began).isLessThan(1_000_000_000L);
    }
  }

  @Test
  void aReplicaThatComesIsCountedAndOneThatDiesIsDropped() throws Exception {
    try (Replica third = fleet.start("limits-three").awaitReady()) {
      fleet.awaitSharedBy(3, one, two, third);
      assertThat(drained(third, "third")).isBetween(LIMIT * 3 / 4, LIMIT * 7 / 8);

      third.kill();
    }
    fleet.awaitSharedBy(2, one, two);
  }

  /** What a replica gives until it refuses for more than a moment. */
  private static int drained(Replica replica, String user) throws Exception {
    int given = 0;
    int refused = 0;
    while (refused < 8) {
      if (fleet.get(replica, "/api/v1/me", user).statusCode() == 200) {
        given++;
        refused = 0;
      } else {
        refused++;
        Thread.sleep(75);
      }
    }
    return given;
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }
}
