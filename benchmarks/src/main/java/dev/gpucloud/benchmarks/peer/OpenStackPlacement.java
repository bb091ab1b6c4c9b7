package dev.gpucloud.benchmarks.peer;

import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.client.PostgresAccess;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Claims GPUs through OpenStack Placement in a closed loop: a client asks for candidates, claims
 * the first that is not taken, and begins anew. What was claimed is released when the time is over,
 * and that time does not count. The latency is that of a claim, candidates included. One line of
 * CSV for each number of clients.
 */
public final class OpenStackPlacement {
  private static final String NAME = "placement";
  private static final int HOSTS_PER_RACK = 4;
  private static final int HOSTS_PER_FABRIC = 256;
  private static final int EMPTY_ONE_IN = 10;
  private static final long TICKS_PER_SECOND = 100;

  /** Hosts loaded over the API: whole racks, and each kind of fill in its share. */
  private static final int MODELS = 20;

  /** Host n becomes what host n modulo the first argument is, in a rack and a fabric of its own. */
  private static final String COPIES =
      """
      create temp table copy as
        select n, m.id as model from generate_series(%1$d, %2$d - 1) n
        join resource_providers m on m.name = 'host-' || n %% %1$d;
      insert into resource_providers (uuid, name, generation, created_at)
        select gen_random_uuid()::text, 'host-' || n, m.generation, now()
        from copy join resource_providers m on m.id = model order by n;
      update resource_providers set root_provider_id = id where root_provider_id is null;
      alter table copy add host int;
      update copy set host = p.id from resource_providers p where p.name = 'host-' || n;
      insert into inventories (resource_provider_id, resource_class_id, total, reserved, min_unit,
          max_unit, step_size, allocation_ratio, created_at)
        select host, resource_class_id, total, reserved, min_unit, max_unit, step_size,
          allocation_ratio, now()
        from copy join inventories on resource_provider_id = model order by n;
      insert into placement_aggregates (uuid, created_at)
        select distinct md5('rack' || n / %3$d)::uuid::text, now() from copy;
      insert into resource_provider_aggregates (resource_provider_id, aggregate_id, created_at)
        select host, a.id, now()
        from copy join placement_aggregates a on a.uuid = md5('rack' || n / %3$d)::uuid::text;
      insert into resource_provider_traits (trait_id, resource_provider_id, created_at)
        select t.id, host, now() from copy
        join traits t on t.name in ('CUSTOM_SITE_ONE', 'CUSTOM_FABRIC_' || n / %4$d);
      insert into consumers (uuid, project_id, user_id, generation, created_at)
        select md5('filler' || n)::uuid::text, c.project_id, c.user_id, c.generation, now()
        from copy join (select distinct resource_provider_id, consumer_id from allocations) held
          on held.resource_provider_id = model
        join consumers c on c.uuid = held.consumer_id;
      insert into allocations (resource_provider_id, consumer_id, resource_class_id, used, created_at)
        select host, md5('filler' || n)::uuid::text, a.resource_class_id, a.used, now()
        from copy join allocations a on a.resource_provider_id = model""";

  private final PrintWriter out =
      new PrintWriter(
          new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8),
          true);
  private final Passwords passwords;
  private final PostgresAccess postgres;
  private final int port;

  private OpenStackPlacement(Path home) throws IOException {
    Properties stack = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("stack.properties"))) {
      stack.load(reader);
    }
    this.passwords = new Passwords(stack.getProperty("secret"));
    this.port = Integer.parseInt(stack.getProperty("postgresql.port"));
    this.postgres = new PostgresAccess("127.0.0.1", port, passwords);
  }

  /**
   * {@code HOME database | HOME load URL HOSTS | HOME claims URL PIDS CLIENTS SECONDS GPUS FILL
   * HOSTS}.
   */
  public static void main(String[] args) throws Exception {
    OpenStackPlacement peer = new OpenStackPlacement(Path.of(args[0]));
    switch (args[1]) {
      case "database" -> peer.database();
      case "load" -> peer.load(new PlacementApi(URI.create(args[2])), Integer.parseInt(args[3]));
      case "claims" -> peer.claims(Arrays.asList(args).subList(2, args.length));
      default -> throw new IllegalArgumentException("unknown step " + args[1]);
    }
  }

  /** An empty database of its own on the stack's PostgreSQL; prints its address. */
  private void database() throws SQLException {
    requireDurable();
    try (Connection c = postgres.connect(PostgresAccess.ADMIN);
        Statement s = c.createStatement()) {
      s.execute("drop database if exists " + NAME + " with (force)");
    }
    postgres.createPlainDatabase(NAME);
    out.println(
        "postgresql+psycopg2://%s:%s@127.0.0.1:%d/%s"
            .formatted(NAME, passwords.of(NAME), port, NAME));
  }

  private void requireDurable() throws SQLException {
    if (!setting("fsync").equals("on") || !setting("synchronous_commit").equals("on")) {
      throw new IllegalStateException("fsync or synchronous_commit is off: nothing is measured");
    }
  }

  private String setting(String name) throws SQLException {
    try (Connection c = postgres.connect(PostgresAccess.ADMIN);
        Statement s = c.createStatement();
        ResultSet row = s.executeQuery("show " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  /**
   * Hosts of eight GPUs; nine of ten are full, so the fleet is 90 % full. The first racks come over
   * the API, and the others are copies of their rows: the API takes some 200 ms a host.
   */
  private void load(PlacementApi api, int hosts) throws Exception {
    List<String> fabrics = new ArrayList<>();
    for (int f = 0; f <= (hosts - 1) / HOSTS_PER_FABRIC; f++) {
      fabrics.add("CUSTOM_FABRIC_" + f);
    }
    List<String> all = new ArrayList<>(fabrics);
    all.add("CUSTOM_SITE_ONE");
    api.defineGpu(all);
    for (int n = 0; n < Math.min(hosts, MODELS); n++) {
      addHost(api, fabrics, n);
    }
    try (Connection c = postgres.connect(NAME);
        Statement s = c.createStatement()) {
      for (String copy :
          COPIES.formatted(MODELS, hosts, HOSTS_PER_RACK, HOSTS_PER_FABRIC).split(";")) {
        s.execute(copy);
      }
      s.execute("vacuum analyze");
    }
    System.err.printf("loaded %d hosts%n", hosts);
  }

  private static void addHost(PlacementApi api, List<String> fabrics, int n)
      throws IOException, InterruptedException {
    UUID host = id("host", n);
    api.addHost(
        host,
        "host-" + n,
        List.of("CUSTOM_SITE_ONE", fabrics.get(n / HOSTS_PER_FABRIC)),
        id("rack", n / HOSTS_PER_RACK));
    if (n % EMPTY_ONE_IN != 0 && !api.claimOn(id("filler", n), host, PlacementApi.GPUS)) {
      throw new IOException("host " + n + " could not be filled");
    }
  }

  private static UUID id(String kind, int n) {
    return UUID.nameUUIDFromBytes((kind + n).getBytes(StandardCharsets.UTF_8));
  }

  private static <T> void inParallel(int clients, Callable<T> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        running.add(threads.submit(work));
      }
      for (Future<T> each : running) {
        each.get();
      }
    }
  }

  private void claims(List<String> args) throws Exception {
    requireDurable();
    PlacementApi api = new PlacementApi(URI.create(args.get(0)));
    List<Long> pids =
        Files.readAllLines(Path.of(args.get(1))).stream().map(Long::parseLong).toList();
    int clients = Integer.parseInt(args.get(2));
    int seconds = Integer.parseInt(args.get(3));
    int gpus = Integer.parseInt(args.get(4));
    Loop loop = new Loop(api, gpus);
    loop.run(clients, Math.max(1, seconds / 5));
    loop.release(clients);
    loop.forget();
    long before = cpuMillis(pids);
    long begin = System.nanoTime();
    loop.run(clients, seconds);
    double took = (System.nanoTime() - begin) / 1e9;
    long cpu = cpuMillis(pids) - before;
    loop.release(clients);
    print(args.get(6) + "," + args.get(5), gpus, clients, loop, took, cpu);
  }

  private void print(String fleet, int gpus, int clients, Loop loop, double took, long cpuMillis)
      throws SQLException, IOException {
    List<Long> sorted = loop.latencies();
    int n = sorted.size();
    out.printf(
        Locale.ROOT,
        "openstack-placement,%s,%d,%d,%d,%.1f,%.1f,%.1f,%.1f,%.1f,%s,%s,permanent,%s%n",
        fleet,
        gpus,
        clients,
        n,
        n / took,
        n == 0 ? Double.NaN : sorted.get(n / 2) / 1e6,
        n == 0 ? Double.NaN : sorted.get((int) Math.ceil(n * 0.99) - 1) / 1e6,
        100.0 * loop.conflicts.get() / Math.max(1, n + loop.conflicts.get()),
        (double) cpuMillis / Math.max(1, n),
        setting("fsync"),
        setting("synchronous_commit"),
        Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }

  /** Processes that ended meanwhile count for nothing; a peer's workers do not end. */
  private static long cpuMillis(List<Long> pids) throws IOException {
    long ticks = 0;
    for (long pid : pids) {
      Path stat = Path.of("/proc/" + pid + "/stat");
      if (Files.exists(stat)) {
        String line = Files.readString(stat);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      }
    }
    return ticks * 1000 / TICKS_PER_SECOND;
  }

  /** Clients that claim until their time is over, and release afterwards. */
  private static final class Loop {
    private final PlacementApi api;
    private final int gpus;
    private final List<Long> latencies = new ArrayList<>();
    private final AtomicLong conflicts = new AtomicLong();
    private final Queue<UUID> held = new ConcurrentLinkedQueue<>();

    Loop(PlacementApi api, int gpus) {
      this.api = api;
      this.gpus = gpus;
    }

    void run(int clients, int seconds) throws Exception {
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      inParallel(
          clients,
          () -> {
            while (System.nanoTime() < end) {
              once();
            }
            return null;
          });
    }

    private void once() throws IOException, InterruptedException {
      UUID consumer = UUID.randomUUID();
      long begin = System.nanoTime();
      for (PlacementApi.Candidate candidate : api.candidates(gpus)) {
        if (api.claim(consumer, candidate)) {
          keep(System.nanoTime() - begin);
          held.add(consumer);
          return;
        }
        conflicts.incrementAndGet();
      }
    }

    void release(int clients) throws Exception {
      inParallel(
          clients,
          () -> {
            for (UUID consumer = held.poll(); consumer != null; consumer = held.poll()) {
              api.release(consumer);
            }
            return null;
          });
    }

    private synchronized void keep(long nanos) {
      latencies.add(nanos);
    }

    synchronized List<Long> latencies() {
      return latencies.stream().sorted().toList();
    }

    synchronized void forget() {
      latencies.clear();
      conflicts.set(0);
    }
  }
}
