package dev.gpucloud.devstack.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.devstack.client.PostgresAccess;
import dev.gpucloud.devstack.client.StackAddress;
import dev.gpucloud.devstack.client.SupervisorEvent;
import dev.gpucloud.devstack.client.SupervisorProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: what is left of a stack whose supervisor or launcher is killed. */
class SupervisorIT {
  private static final Path ROOT = Path.of(System.getProperty("gpucloud.root"));

  @TempDir private Path home;

  @AfterEach
  void nothingIsLeft() {
    assertThat(processes()).isEmpty();
  }

  @Test
  void killedSupervisorLeavesNoProcessAndTheNextStartRecovers() throws Exception {
    StackAddress first = start();
    assertThat(processes()).hasSizeGreaterThanOrEqualTo(3);

    first.supervisor().orElseThrow().destroyForcibly();
    awaitNothingLeft();
    StackAddress second = start();

    assertThat(components(second)).contains("\"name\":\"kafka\",\"state\":\"READY\"");
    stop(second);
  }

  @Test
  void killedComponentsComeBackWithTheirData() throws Exception {
    StackAddress stack = start();
    try (Connection connection = connect(stack);
        Statement statement = connection.createStatement()) {
      // the stack of tests commits lazily; a kill may only keep what was really written
      statement.execute("set synchronous_commit = on");
      statement.execute("create table kept (x int); insert into kept values (7)");
    }

    stack.control("POST", "/components/postgresql/kill", "");
    stack.control("POST", "/components/kafka/kill", "");
    awaitRestarted(stack);

    try (Connection connection = connect(stack);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select x from kept")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(7);
    }
    stop(stack);
  }

  @Test
  void launcherThatGoesAwayDuringTheStartLeavesNoProcess() throws Exception {
    SupervisorProcess supervisor = launch();
    assertThat(supervisor.next()).isInstanceOf(SupervisorEvent.StepStarted.class);

    supervisor.close();
    supervisor.await();

    awaitNothingLeft();
  }

  @Test
  void secondSupervisorOnTheSameFolderIsRefused() throws Exception {
    StackAddress running = start();

    try (SupervisorProcess second = launch()) {
      assertThat(second.next())
          .isInstanceOfSatisfying(
              SupervisorEvent.Failed.class,
              failed -> assertThat(failed.message()).contains("Another ./gpucloud up"));
    }

    assertThat(components(running)).contains("\"name\":\"postgresql\",\"state\":\"READY\"");
    stop(running);
  }

  @Test
  void halfUnpackedAndHalfInitialisedFoldersDoNotMatter() throws Exception {
    Files.createDirectories(home.resolve("postgresql/data.partial/base"));
    Files.writeString(home.resolve("postgresql/data.partial/PG_VERSION"), "18");

    stop(start());
  }

  @Test
  void controlApiWantsItsToken() throws Exception {
    StackAddress stack = start();

    try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
      java.net.http.HttpRequest request =
          java.net.http.HttpRequest.newBuilder(
                  java.net.URI.create(stack.get("control.url") + "/components"))
              .header("Authorization", "Bearer " + stack.get("clock.token"))
              .build();
      assertThat(client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString()))
          .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(401))
          .satisfies(answer -> assertThat(answer.body()).contains("UNAUTHENTICATED"));
    }
    stop(stack);
  }

  private SupervisorProcess launch() throws Exception {
    return SupervisorProcess.start(
        ROOT,
        home.resolve("logs/supervisor.log"),
        List.of(
            "--kind", "SHARED",
            "--root", ROOT.toString(),
            "--home", home.toString(),
            "--cache", ROOT.resolve(".gpucloud/cache").toString(),
            "--owner", Long.toString(ProcessHandle.current().pid())));
  }

  private StackAddress start() throws Exception {
    try (SupervisorProcess supervisor = launch()) {
      while (true) {
        switch (supervisor.next()) {
          case SupervisorEvent.Ready _ -> {
            supervisor.detach();
            return StackAddress.find(home).orElseThrow();
          }
          case SupervisorEvent.StepStarted _, SupervisorEvent.StepDone _ -> {}
          case SupervisorEvent.Failed failed -> throw new AssertionError(failed.message());
          case null ->
              throw new AssertionError(Files.readString(home.resolve("logs/supervisor.log")));
        }
      }
    }
  }

  private static void stop(StackAddress stack) throws Exception {
    ProcessHandle supervisor = stack.supervisor().orElseThrow();
    stack.control("POST", "/shutdown", "");
    supervisor.onExit().get(30, TimeUnit.SECONDS);
  }

  private static String components(StackAddress stack) throws Exception {
    return stack.control("GET", "/components", "");
  }

  private static void awaitRestarted(StackAddress stack) throws Exception {
    await(
        () -> {
          String components = components(stack);
          return components.contains("\"name\":\"postgresql\",\"state\":\"READY\"")
              && components.contains("\"name\":\"kafka\",\"state\":\"READY\"")
              && components.split("\"restarts\":1", -1).length == 3;
        });
  }

  private void awaitNothingLeft() throws Exception {
    await(() -> processes().isEmpty());
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  private List<String> processes() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(
            process ->
                process
                    .info()
                    .arguments()
                    .map(a -> Arrays.stream(a).anyMatch(one -> one.contains(home.toString())))
                    .orElse(false))
        .map(process -> process.pid() + " " + process.info().commandLine().orElse(""))
        .toList();
  }

  private static Connection connect(StackAddress stack) throws Exception {
    return new PostgresAccess("127.0.0.1", stack.port("postgresql.port"), stack.passwords())
        .connect("postgres");
  }
}
