package dev.gpucloud.systemtests.fuzz;

import dev.gpucloud.cli.DevStackFile;
import dev.gpucloud.cli.OidcClient;
import dev.gpucloud.cli.PasswordTokens;
import dev.gpucloud.cli.RetryPolicy;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code benchmarks/fuzz}: a fuzz of a running stack; its state is spoiled by it. */
final class FuzzCommand {
  private static final PrintStream OUT = System.out;
  private static final PrintStream PROGRESS = System.err;

  private FuzzCommand() {}

  public static void main(String[] args) {
    DevStackFile stack = DevStackFile.in(Path.of(args[0])).orElseThrow();
    long requests = Long.parseLong(args[1]);
    long seed = Long.parseLong(args[2]);
    long first = Long.parseLong(args[3]);
    OidcClient oidc =
        new OidcClient(
            HttpClient.newHttpClient(),
            URI.create(stack.url("issuer").orElseThrow()),
            InstantSource.system());
    Fuzz fuzz =
        new Fuzz(URI.create(stack.url("gateway").orElseThrow()), user -> token(stack, oidc, user));
    long begun = System.nanoTime();
    Fuzz.Result result =
        fuzz.run(
            seed,
            first,
            requests,
            done -> {
              if (done % 100 == 0 || done == requests) {
                PROGRESS.printf("\r%d of %d", done, requests);
              }
            });
    PROGRESS.println();
    byLaw(result.findings()).forEach(FuzzCommand::show);
    OUT.printf(
        "%d requests of seed %d from %d, %d s, %d of %d operations carried out, by status %s,"
            + " %d broke the law%n",
        result.requests(),
        seed,
        first,
        Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
        result.carriedOut().size(),
        fuzz.document().operations().size(),
        result.statuses(),
        result.findings().size());
    System.exit(result.findings().isEmpty() ? 0 : 1);
  }

  /** One of each kind is enough to begin with: the same law at the same operation. */
  private static Map<String, List<Fuzz.Finding>> byLaw(List<Fuzz.Finding> findings) {
    Map<String, List<Fuzz.Finding>> kinds = new LinkedHashMap<>();
    for (Fuzz.Finding finding : findings) {
      kinds.merge(
          finding.law() + " at " + finding.request().operation(),
          List.of(finding),
          (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
    }
    return kinds;
  }

  private static void show(String kind, List<Fuzz.Finding> alike) {
    OUT.printf("%d x %s%n%n", alike.size(), alike.getFirst());
  }

  private static String token(DevStackFile stack, OidcClient oidc, String user) {
    return new PasswordTokens(
            oidc,
            user,
            stack.passwordOf(user).orElseThrow(),
            InstantSource.system(),
            RetryPolicy.lasting(Duration.ofSeconds(10)))
        .accessToken();
  }
}
