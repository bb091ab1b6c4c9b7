package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.client.ApiException;
import dev.gpucloud.client.Client;
import dev.gpucloud.client.api.InstancesApi;
import dev.gpucloud.client.api.MeApi;
import dev.gpucloud.client.api.OffersApi;
import dev.gpucloud.client.model.CreateInstanceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Our Java client, and those that a generator makes of the document the gateway serves, compile and
 * work: they read, and they hear a refusal as the problem it is.
 */
class GeneratedClientsIT {
  private static final String USER = "hanbit-robotics-operator";
  private static final String PROJECT = "hanbit-robotics.isaac-training";
  private static final Path WORK = Path.of("target", "clients").toAbsolutePath();
  private static final Path DOCUMENT = WORK.resolve("openapi.json");
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final int PATIENCE_MINUTES = 15;

  /** The Kotlin compiler and what the client is linked with, among the test's own classes. */
  private static final String CLASSES =
      Objects.requireNonNullElse(
          System.getProperty("surefire.test.class.path"), System.getProperty("java.class.path"));

  @BeforeAll
  static void readTheDocument() throws Exception {
    Files.createDirectories(WORK);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(Product.stack().gatewayUrl() + "/openapi")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, BodyHandlers.ofFile(DOCUMENT)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void java() throws Exception {
    Client client =
        new Client(
            HttpClient.newHttpClient(),
            URI.create(Product.stack().gatewayUrl()),
            () -> Product.stack().token(USER));
    CreateInstanceRequest wanted =
        new CreateInstanceRequest().name("generated").instanceType("none.1x");

    assertThat(client.send(MeApi.meResourceMe()).body().username()).isEqualTo(USER);
    assertThat(client.send(OffersApi.offerResourceTypes()).body().items()).isNotEmpty();
    assertThatThrownBy(() -> client.send(InstancesApi.instanceResourceCreate(PROJECT), wanted))
        .isInstanceOfSatisfying(
            ApiException.class,
            refusal -> assertThat(refusal.code()).isEqualTo("UNKNOWN_REFERENCE"));
  }

  @Test
  void typescript() throws Exception {
    Path folder = WORK.resolve("typescript");
    generate("typescript-fetch", folder.resolve("generated"));
    copy("Main.ts", folder);
    Files.writeString(folder.resolve("package.json"), "{\"private\":true}");
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--save-exact", "typescript@5.9.3");
    run(
        folder,
        "node_modules/.bin/tsc",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "commonjs",
        "--lib",
        "es2022,dom",
        "--outDir",
        "out",
        "Main.ts");
    assertTheProgramWorks(folder, "node", "out/Main.js");
  }

  @Test
  void kotlin() throws Exception {
    Path folder = WORK.resolve("kotlin");
    generate("kotlin", folder.resolve("generated"), "--library", "jvm-okhttp4");
    copy("Main.kt", folder);
    Path out = folder.resolve("out");
    run(
        folder,
        JAVA,
        "-Xmx1g",
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        CLASSES,
        "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
        "-no-stdlib",
        "-no-reflect",
        "-nowarn",
        "-jvm-target",
        "17",
        "-cp",
        CLASSES,
        "-d",
        out.toString(),
        "generated/src/main/kotlin",
        "Main.kt");
    assertTheProgramWorks(folder, JAVA, "-cp", out + ":" + CLASSES, "MainKt");
  }

  private static void generate(String generator, Path into, String... more) throws Exception {
    var command =
        new ArrayList<>(
            List.of(JAVA, "-Xmx512m", "-jar", "target/tools/openapi-generator.jar", "generate"));
    command.addAll(List.of("-i", DOCUMENT.toString(), "-g", generator, "-o", into.toString()));
    command.addAll(List.of("--global-property", "apiDocs=false,modelDocs=false"));
    command.addAll(Arrays.asList(more));
    run(Path.of("").toAbsolutePath(), command.toArray(String[]::new));
  }

  private static void copy(String program, Path into) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            GeneratedClientsIT.class.getResourceAsStream("/clients/" + program))) {
      Files.write(into.resolve(program), in.readAllBytes());
    }
  }

  private static void assertTheProgramWorks(Path folder, String... command) throws Exception {
    JsonNode heard = new ObjectMapper().readTree(run(folder, command).lines().toList().getLast());
    JsonNode types = Product.as(USER).get("/instance-types").expect(200).json();

    assertThat(heard.path("username").asText()).isEqualTo(USER);
    assertThat(heard.path("types").asInt()).isPositive().isEqualTo(types.path("items").size());
    assertThat(heard.path("instances").isInt()).isTrue();
    assertThat(heard.path("refusal").asText()).isEqualTo("UNKNOWN_REFERENCE");
  }

  /** What the command prints; its failure is the test's, with all it said. */
  private static String run(Path folder, String... command) throws Exception {
    Path log = Files.createTempFile(WORK, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "GATEWAY",
                Product.stack().gatewayUrl(),
                "TOKEN",
                Product.stack().token(USER),
                "PROJECT",
                PROJECT,
                "KEY",
                UUID.randomUUID().toString()));
    Process process = builder.redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String said = Files.readString(log);
    assertThat(ended).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
