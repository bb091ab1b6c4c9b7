package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.client.StackAddress;
import dev.gpucloud.devstack.clock.BusinessClock;
import dev.gpucloud.devstack.clock.ClockFile;
import dev.gpucloud.devstack.layout.Ports;
import dev.gpucloud.devstack.layout.PrivateFiles;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.mail.MailServer;
import dev.gpucloud.devstack.process.ChildStarter;
import dev.gpucloud.devstack.scenario.Scenario;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Starts the components of a stack, keeps them running and takes them down in order. */
final class Supervisor implements AutoCloseable {
  private static final Set<String> BACKING = Set.of("postgresql", "kafka", "keycloak");

  private final StackConfig config;
  private final Reporter reporter;
  private final StackHome home;
  private final Ports ports;
  private final ChildStarter starter = new ChildStarter();
  private final Map<String, Component> components =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final Set<Long> owners = ConcurrentHashMap.newKeySet();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();

  private @Nullable ControlServer control;
  private @Nullable BusinessClock clock;
  private @Nullable MailServer mails;
  private @Nullable Product product;
  private String full = "";

  Supervisor(StackConfig config, Reporter reporter) {
    this.config = config;
    this.reporter = reporter;
    this.home = config.home();
    this.ports = config.ports();
  }

  /** Returns when everything that the kind of stack asks for is ready. */
  void start() throws IOException, InterruptedException {
    Premises premises = new Premises(config);
    premises.claim();
    String secret = premises.secret();
    Passwords passwords = new Passwords(secret);
    Scenario scenario = Scenario.load();
    BusinessClock businessClock =
        new BusinessClock(InstantSource.system(), new ClockFile(home.clock()), scenario.startsAt());
    clock = businessClock;
    startControl(passwords, businessClock);
    Backing backing = new Backing(config, passwords, scenario, starter);
    product = new Product(config, passwords, scenario, backing.keycloak());
    PrivateFiles.write(home.folder().resolve(StackAddress.FILE), address(secret, passwords));
    run(backing.postgresql());
    run(backing.kafka());
    if (config.owner() != null) {
      own(config.owner());
    }
    if (config.kind() == StackConfig.Kind.DEV) {
      startProduct();
    }
    awaitReady();
    if (config.kind() == StackConfig.Kind.DEV) {
      product.load(reporter);
    }
  }

  private void startProduct() throws IOException {
    Product all = Objects.requireNonNull(product);
    mails = new MailServer(ports.mail(), home.mailbox());
    run(all.keycloak());
    all.services().forEach(this::run);
  }

  /** Adds Keycloak, the services and the scenario to a stack that has none yet. */
  private synchronized Object startFull(ControlServer.Request request) throws IOException {
    if (full.isEmpty() && !closing.get()) {
      full = "STARTING";
      startProduct();
      Thread.ofPlatform().daemon().name("full-stack").start(this::finishFull);
    }
    return Map.of("state", full);
  }

  private void finishFull() {
    String outcome;
    try {
      awaitReady();
      Objects.requireNonNull(product).load(reporter);
      outcome = "READY";
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      outcome = "FAILED: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      outcome = "FAILED: interrupted";
    }
    synchronized (this) {
      full = outcome;
    }
  }

  void awaitEnd() throws InterruptedException {
    end.await();
  }

  /** Takes everything down: those that others need go last. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      List<Component> all = List.copyOf(components.values());
      closeAll(all.stream().filter(c -> !BACKING.contains(c.plan().name())).toList());
      closeAll(named(all, "keycloak", "kafka"));
      closeAll(named(all, "postgresql"));
      if (mails != null) {
        mails.close();
      }
      if (clock != null) {
        clock.save();
      }
    } catch (IOException e) {
      e.printStackTrace();
    } finally {
      if (control != null) {
        control.close();
      }
    }
  }

  private static List<Component> named(List<Component> all, String... names) {
    return all.stream().filter(c -> List.of(names).contains(c.plan().name())).toList();
  }

  private void closeAll(List<Component> together) {
    CompletableFuture<?>[] closed =
        together.stream().map(Supervisor::closeOne).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(closed).join();
  }

  private static CompletableFuture<Void> closeOne(Component component) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("close-" + component.plan().name())
        .start(
            () -> {
              try {
                component.close();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              } finally {
                closed.complete(null);
              }
            });
    return closed;
  }

  private void startControl(Passwords passwords, BusinessClock businessClock) throws IOException {
    String controlToken = passwords.of("control");
    ControlServer server = new ControlServer(ports.control());
    server.serve("/components", Set.of(controlToken), new ComponentRoutes(components));
    server.serve(
        "/clock", Set.of(controlToken, passwords.of("clock")), new ClockRoutes(businessClock));
    server.serve("/full", Set.of(controlToken), this::startFull);
    server.serve("/owners", Set.of(controlToken), this::addOwner);
    server.serve("/shutdown", Set.of(controlToken), this::shutdown);
    server.start();
    control = server;
  }

  private Object addOwner(ControlServer.Request request) {
    if (config.kind() != StackConfig.Kind.SHARED || closing.get()) {
      throw new ControlServer.Refusal(409, "STATE_CONFLICT", "This stack takes no owners.");
    }
    own(Long.parseLong(request.path().substring("/owners/".length())));
    return Map.of("owners", owners);
  }

  private Object shutdown(ControlServer.Request request) {
    if (!request.method().equals("POST")) {
      throw new ControlServer.Refusal(405, "METHOD_NOT_ALLOWED", "Use POST.");
    }
    end.countDown();
    return Map.of("pid", ProcessHandle.current().pid());
  }

  /** Lives as long as this process and every other owner. */
  private void own(long pid) {
    if (owners.add(pid)) {
      CompletableFuture<?> gone =
          ProcessHandle.of(pid)
              .<CompletableFuture<?>>map(ProcessHandle::onExit)
              .orElseGet(() -> CompletableFuture.completedFuture(null));
      gone.thenRun(
          () -> {
            owners.remove(pid);
            if (owners.isEmpty()) {
              end.countDown();
            }
          });
    }
  }

  private void run(ComponentPlan plan) {
    Component component = new Component(plan, starter, reporter, this::down);
    components.put(plan.name(), component);
    component.runAfter(plan.needs().stream().map(components::get).toList());
  }

  private void down(String component) {
    if (clock != null) {
      clock.forget(component);
    }
  }

  private void awaitReady() {
    List<Component> all = List.copyOf(components.values());
    try {
      CompletableFuture<?>[] ready =
          all.stream().map(Component::firstReady).toArray(CompletableFuture<?>[]::new);
      CompletableFuture<?> failure = new CompletableFuture<>();
      for (CompletableFuture<?> one : ready) {
        one.whenComplete(
            (_, e) -> {
              if (e != null) {
                failure.completeExceptionally(e);
              }
            });
      }
      CompletableFuture.anyOf(CompletableFuture.allOf(ready), failure).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StackProblem problem) {
        throw problem;
      }
      throw e;
    }
  }

  private Properties address(String secret, Passwords passwords) {
    Properties address = new Properties();
    ProcessHandle self = ProcessHandle.current();
    address.setProperty("pid", Long.toString(self.pid()));
    address.setProperty("started", StackAddress.startOf(self));
    address.setProperty("secret", secret);
    address.setProperty("control.token", passwords.of("control"));
    address.setProperty("clock.token", passwords.of("clock"));
    address.setProperty("postgresql.port", Integer.toString(ports.postgresql()));
    address.setProperty("kafka.port", Integer.toString(ports.kafka()));
    Urls.of(ports).forEach((name, url) -> address.setProperty(name + ".url", url));
    return address;
  }
}
