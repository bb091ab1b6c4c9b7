package dev.gpucloud.inventory.provisioning;

import static dev.gpucloud.inventory.fixture.World.count;
import static dev.gpucloud.inventory.fixture.World.create;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.gpucloud.inventory.fixture.Checker;
import dev.gpucloud.inventory.fixture.Client;
import dev.gpucloud.inventory.fixture.CommitWitness;
import dev.gpucloud.inventory.fixture.PromptAgent;
import dev.gpucloud.inventory.fixture.World;
import dev.gpucloud.inventory.fixture.World.Tenant;
import dev.gpucloud.testsupport.Replica;
import dev.gpucloud.testsupport.ServiceStack;
import dev.gpucloud.testsupport.TestDatabase;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes of the packaged service on one database: whatever happens to the owner of a
 * pool, the others go on, and the history shows no harm.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OwnersIT {
  private static final Logger LOG = Logger.getLogger(OwnersIT.class);

  /** Generous, for busy machines: how long it took is logged, how long it may take is no test. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int CUSTOMERS = 8;

  private static final Properties BEFORE = new Properties();
  private static final Map<String, String> SETTINGS = new HashMap<>();
  private static final List<Replica> LIVING = new ArrayList<>();

  /** Where the owner is told to die. */
  @TempDir private static Path crashes;

  private static int portBefore;
  private static int started;

  private final List<PromptAgent> agents = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();

  /** Other tests of this run find their own stack again afterwards. */
  @BeforeAll
  static void stack() {
    BEFORE.putAll(System.getProperties());
    portBefore = RestAssured.port;
    ServiceStack stack = new ServiceStack();
    stack.init(Map.of("service", "inventory"));
    SETTINGS.putAll(stack.start());
  }

  @AfterAll
  static void giveBack() {
    LIVING.forEach(Replica::close);
    System.setProperties(BEFORE);
    RestAssured.port = portBefore;
  }

  @AfterEach
  void end() {
    clients.forEach(Client::end);
    agents.forEach(PromptAgent::end);
    LIVING.stream().filter(Replica::isAlive).forEach(Replica::resume);
  }

  /** So many and no more: what former tests have left alive, and new ones, which start at once. */
  private static List<Replica> living(int count) {
    LIVING.removeIf(replica -> !replica.isAlive());
    while (LIVING.size() > count) {
      LIVING.removeLast().close();
    }
    while (LIVING.size() < count) {
      LIVING.add(start());
    }
    LIVING.forEach(Replica::awaitReady);
    RestAssured.port = LIVING.getFirst().port();
    CommitWitness.install();
    return List.copyOf(LIVING);
  }

  private static Replica start() {
    return Replica.start(
        "inventory-service",
        "replica-" + ++started,
        SETTINGS,
        "gpucloud.fleet.unreachable-after=PT1H",
        "kafka.session.timeout.ms=6000",
        "kafka.heartbeat.interval.ms=1500",
        "gpucloud.crash-at=" + crashes);
  }

  /** Whether the pool's row names the process as its owner, with a lease that has not ended. */
  private static boolean owns(Replica replica, String pool) {
    return count(
            """
            select count(*) from pool p join lease l on l.name = 'pool:' || p.id
            where p.id = '%s' and p.owner = l.holder and p.owner_address = '%s'
              and l.expires_at > now()"""
                .formatted(pool, replica.address()))
        == 1;
  }

  /** These and a new one. */
  private static List<Replica> joined(List<Replica> living, Client client) {
    Replica another = start();
    LIVING.add(another);
    client.restDuring(another::awaitReady);
    return Stream.concat(living.stream(), Stream.of(another)).toList();
  }

  /** The one that owns the site's pool, once there is one. */
  private static Replica ownerOf(String site) {
    AtomicReference<Replica> owner = new AtomicReference<>();
    eventually(
        () -> {
          LIVING.stream()
              .filter(Replica::isAlive)
              .filter(replica -> owns(replica, pool(site)))
              .findFirst()
              .ifPresent(owner::set);
          return owner.get() != null;
        });
    return owner.get();
  }

  private static List<Replica> without(Replica one, List<Replica> all) {
    return all.stream().filter(replica -> replica != one).toList();
  }

  private void agent(String site) {
    agents.add(new PromptAgent(site));
  }

  private Client customers(String site, List<Tenant> tenants, List<Replica> asked) {
    Client client =
        Client.start(CUSTOMERS, site, tenants, asked.stream().map(Replica::address).toList());
    clients.add(client);
    return client;
  }

  private static void eventually(Callable<Boolean> condition) {
    World.eventually(PATIENCE, condition);
  }

  private static String pool(String site) {
    return site + "/" + World.MODEL;
  }

  @Test
  void aReplicaThatOwnsNoPoolAnswersEverything() throws Exception {
    List<Replica> pair = living(2);
    String site = World.siteWithAgent(3);
    Tenant tenant = World.tenantWithQuota(24);
    Replica other = without(ownerOf(site), pair).getFirst();
    RestAssured.port = other.port();

    String key = UUID.randomUUID().toString();
    String id =
        create(tenant, "one", "b200.8x", site, key)
            .then()
            .statusCode(202)
            .body("site", equalTo(site))
            .extract()
            .path("id");
    create(tenant, "one", "b200.8x", site, key)
        .then()
        .statusCode(202)
        .header("Idempotency-Replayed", "true")
        .body("id", equalTo(id));
    create(tenant, "one", "b200.8x", site)
        .then()
        .statusCode(409)
        .body("code", equalTo("ALREADY_EXISTS"));
    eventually(
        () ->
            World.admin()
                    .queryParam("site", site)
                    .get("/api/v1/capacity")
                    .jsonPath()
                    .getInt("items[0].gpusFree")
                == 16);
    ask(tenant, site, 2).then().statusCode(200).body("site", equalTo(site));
    cluster(tenant, "pair", site, 2).then().statusCode(202);
    eventually(() -> ask(tenant, site, 1).statusCode() == 409);
    World.quota(tenant, World.MODEL, 100, 2);
    create(tenant, "late", "b200.1x", site)
        .then()
        .statusCode(409)
        .body("code", equalTo("INSUFFICIENT_CAPACITY"))
        .body("params.constraints.find { it.constraint == 'GPUS' }.removedHosts", equalTo(3));
    agent(site);
    startsAgain(tenant, "one");
    Checker.check();
  }

  @Test
  void aProcessThatDoesNotKnowThePoolsYetNeverSaysThatThereAreNone() throws Exception {
    living(1);
    String site = World.siteWithAgent(1);
    Tenant tenant = World.tenantWithQuota(8);
    try (Connection connection = TestDatabase.admin();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table pool in access exclusive mode");
      Replica fresh = start();
      LIVING.add(fresh);
      RestAssured.port = fresh.port();
      eventually(() -> isListening(fresh));
      World.admin()
          .get("/api/v1/capacity")
          .then()
          .statusCode(503)
          .body("code", equalTo("UPSTREAM_UNAVAILABLE"));
      ask(tenant, site, 1).then().statusCode(503);
      create(tenant, "early", "b200.8x", site).then().statusCode(503);
      connection.rollback();
      fresh.awaitReady();
    }
    World.admin()
        .queryParam("site", site)
        .get("/api/v1/capacity")
        .then()
        .statusCode(200)
        .body("items", hasSize(1));
    create(tenant, "early", "b200.8x", site).then().statusCode(202);
  }

  private static boolean isListening(Replica replica) {
    try (Socket socket = new Socket("127.0.0.1", replica.port())) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void startsAgain(Tenant tenant, String name) {
    String path = tenant.instances() + "/" + name;
    eventually(() -> state(tenant, path).equals("RUNNING"));
    tenant.as("operator").post(path + "/stop").then().statusCode(202);
    eventually(() -> state(tenant, path).equals("STOPPED"));
    tenant
        .as("operator")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .post(path + "/start")
        .then()
        .statusCode(202);
    eventually(() -> state(tenant, path).equals("RUNNING"));
  }

  private static String state(Tenant tenant, String path) {
    return String.valueOf(tenant.as("viewer").get(path).jsonPath().getString("state"));
  }

  private static Response ask(Tenant tenant, String site, int instances) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .queryParam("validateOnly", true)
        .body(clusterBody("asked", site, instances))
        .post(tenant.projectPath() + "/placements");
  }

  private static Response cluster(Tenant tenant, String name, String site, int instances) {
    return tenant
        .as("operator")
        .contentType("application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .body(clusterBody(name, site, instances))
        .post(tenant.projectPath() + "/clusters");
  }

  private static String clusterBody(String name, String site, int instances) {
    return "{\"name\":\"%s\",\"instanceType\":\"b200.8x\",\"site\":\"%s\",\"instances\":%d}"
        .formatted(name, site, instances);
  }

  /** A request that names no site is tried at all of them, whoever owns them. */
  @Test
  void aRequestFindsRoomInPoolsOfSeveralOwners() {
    List<Replica> pair = living(2);
    Replica one = pair.getFirst();
    Replica two = pair.getLast();
    Tenant tenant = World.tenantWithQuota(100);
    String here = World.site(1, ",\"dedicatedTo\":\"" + tenant.slug() + "\"");
    String there = World.site(1, ",\"dedicatedTo\":\"" + tenant.slug() + "\"");
    give(pool(here), one, two);
    give(pool(there), two, one);

    for (Replica asked : List.of(one, two)) {
      RestAssured.port = asked.port();
      List<String> sites =
          Stream.of("a", "b")
              .map(name -> create(tenant, name + asked.port(), "b200.4x", null))
              .map(answer -> answer.then().statusCode(202).extract().<String>path("site"))
              .toList();
      assertThat(sites).allMatch(site -> site.equals(here) || site.equals(there));
      tenant
          .as("viewer")
          .get("/api/v1/instance-types/b200.1x")
          .then()
          .body(
              "availability.findAll { it.site == '%s' || it.site == '%s' }".formatted(here, there),
              hasSize(2));
    }
    assertThat(
            count(
                "select sum(bit_count(cast(free_mask as bit(64)))) from host where site_id in ('%s','%s')"
                    .formatted(here, there)))
        .isZero();
    assertThat(owns(one, pool(here)) && owns(two, pool(there))).isTrue();
    Checker.check();
  }

  /** Makes a pool's owner of the one; what the other owns besides stays its own. */
  private static void give(String pool, Replica to, Replica from) {
    if (owns(to, pool)) {
      return;
    }
    World.update(
        "update lease set expires_at = now() + interval '20 seconds' where name like 'pool:%'");
    from.pause();
    expire(pool);
    eventually(() -> owns(to, pool));
    from.resume();
  }

  private static void expire(String pool) {
    World.update(
        "update lease set expires_at = now() - interval '1 second' where name = 'pool:%s'"
            .formatted(pool));
  }

  /** Comes last, because the others then need no new replicas. */
  @Test
  @Order(Integer.MAX_VALUE)
  void anOwnerThatDiesAtAnyPointIsReplacedInTimeAndNothingIsLost() throws Exception {
    List<Replica> living = living(3);
    String site = World.siteWithAgent(6);
    List<Tenant> tenants = tenants();
    agent(site);
    Client client = customers(site, tenants, living);
    goesOn(client);
    Replica stopped = ownerOf(site);
    living = without(stopped, living);
    handedOver(stopped, living, site);
    client.use(living);
    goesOn(client);
    for (String point : List.of("decided", "committed", "answered")) {
      living = joined(living, client);
      client.use(living);
      Replica owner = killAt(point, living);
      living = without(owner, living);
      tookOver("death when " + point, owner.awaitEnd(), site);
      client.use(living);
      assertThat(living).contains(ownerOf(site));
      goesOn(client);
    }
    client.end();
    stopped.awaitEnd();
    RestAssured.port = living.getFirst().port();
    Checker.check(client.log(), limited(tenants));
    indexesWereRight(living);
  }

  /** The next batch that comes to this point is its owner's last. */
  private static Replica killAt(String point, List<Replica> living) throws IOException {
    Files.createFile(crashes.resolve(point));
    eventually(() -> !living.stream().allMatch(Replica::isAlive));
    return living.stream().filter(replica -> !replica.isAlive()).findFirst().orElseThrow();
  }

  /** What an owner has in memory never disagreed with the rows. */
  private static void indexesWereRight(List<Replica> replicas) {
    for (Replica each : replicas) {
      RestAssured.port = each.port();
      assertThat(World.metric("gpucloud_writer_guard_mismatches_total", "")).isZero();
    }
  }

  private static void goesOn(Client client) {
    int before = client.acknowledged();
    eventually(() -> client.acknowledged() > before + 20);
  }

  /** By the database's word: the first slices that were taken since. */
  private static void tookOver(String from, Instant since, String site) {
    String millis =
        """
        select (extract(epoch from min(held_from) - timestamptz '%2$s') * 1000)::bigint
        from allocation where pool_id = '%1$s' and held_from > '%2$s'"""
            .formatted(pool(site), since);
    eventually(() -> !World.value(millis).equals("null"));
    Duration gap = Duration.ofMillis(count(millis));
    LOG.infof("after %s the next placement was committed within %s", from, seconds(gap));
  }

  private static String seconds(Duration gap) {
    return "%.1f s".formatted(gap.toMillis() / 1000.0);
  }

  /** An owner that is told to stop gives its pools away before it ends. */
  private static void handedOver(Replica owner, List<Replica> others, String site) {
    Instant told = Instant.now();
    owner.tellToStop();
    eventually(() -> others.stream().anyMatch(other -> owns(other, pool(site))));
    Duration gap = Duration.between(told, Instant.now());
    LOG.infof("an owner that was told to stop was replaced within %s", seconds(gap));
  }

  /** A group of two; all of its members together want more than it may have. */
  private static List<Tenant> tenants() {
    Tenant group = World.tenant("GROUP", null, "");
    World.quota(group, World.MODEL, 36, 1);
    List<Tenant> members = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      Tenant member = World.tenant("SUBSIDIARY", group, "");
      World.quota(member, World.MODEL, 24, 1);
      members.add(member);
    }
    return members;
  }

  private static Set<UUID> limited(List<Tenant> tenants) {
    Set<UUID> limited = tenants.stream().map(Tenant::id).collect(Collectors.toSet());
    limited.add(
        UUID.fromString(
            World.value(
                "select parent_id from tenant_ref where tenant_id = '%s'"
                    .formatted(tenants.getFirst().id()))));
    return limited;
  }

  @Test
  void twoOwnersAtOnceAndAnOwnerThatWakesUpHarmNothing() throws Exception {
    List<Replica> pair = living(2);
    String site = World.siteWithAgent(6);
    List<Tenant> tenants = tenants();
    agent(site);
    Client client = customers(site, tenants, pair);
    goesOn(client);
    pausedWithABatchInFlight(pair, site, tenants.getFirst(), client);
    client.use(pair);
    for (int round = 0; round < 3; round++) {
      Replica owner = ownerOf(site);
      Replica other = without(owner, pair).getFirst();
      owner.pause();
      expire(pool(site));
      eventually(() -> owns(other, pool(site)));
      owner.resume();
      goesOn(client);
    }
    client.end();
    Checker.check(client.log(), limited(tenants));
    indexesWereRight(pair);
    for (Replica each : pair) {
      RestAssured.port = each.port();
      eventually(
          () -> {
            int status =
                create(tenants.getLast(), "after-" + each.port(), "b200.1x", site).statusCode();
            return status == 202 || status == 409;
          });
    }
    Checker.check();
  }

  /** The owner stands still inside a transaction and wakes when another owns its pool. */
  private static void pausedWithABatchInFlight(
      List<Replica> pair, String site, Tenant tenant, Client client) throws SQLException {
    Replica owner;
    try (Connection c = TestDatabase.admin();
        Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      s.execute(
          "select 1 from quota_usage where tenant_id = '%s' for update".formatted(tenant.id()));
      eventually(() -> waiting() > 0);
      owner = ownerOf(site);
      owner.pause();
      c.rollback();
    }
    Replica other = without(owner, pair).getFirst();
    Instant paused = Instant.now();
    client.use(List.of(other));
    eventually(() -> owns(other, pool(site)));
    tookOver("a pause amid a transaction", paused, site);
    goesOn(client);
    owner.resume();
    RestAssured.port = other.port();
  }

  private static long waiting() {
    return count(
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
          and query like '%quota_usage%update of u%'""");
  }
}
