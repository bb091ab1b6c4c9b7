package dev.gpucloud.devstack.client;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Properties;

/**
 * What a running supervisor wrote into its data folder: where everything listens and how to get in.
 */
public final class StackAddress {
  /** The file below the data folder. */
  public static final String FILE = "stack.properties";

  private static final Duration DRIFT = Duration.ofMinutes(10);

  private final Properties properties;

  private StackAddress(Properties properties) {
    this.properties = properties;
  }

  /** Reads the address of the stack in this data folder, if one was ever written. */
  public static Optional<StackAddress> find(Path home) {
    Path file = home.resolve(FILE);
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return Optional.of(new StackAddress(properties));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The value under this name, which must be there. */
  public String get(String name) {
    String value = properties.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("The running stack does not offer " + name);
    }
    return value;
  }

  /** The value under this name as a number. */
  public int port(String name) {
    return Integer.parseInt(get(name));
  }

  /** The supervisor's process, while it lives. */
  public Optional<ProcessHandle> supervisor() {
    return ProcessHandle.of(Long.parseLong(get("pid")))
        .filter(ProcessHandle::isAlive)
        .filter(handle -> isSameStart(startOf(handle), get("started")));
  }

  /**
   * When a process started is told by how long ago and by the clock, so that it moves when the
   * clock is set or drifts; another process of the same id began much later.
   */
  static boolean isSameStart(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    try {
      return Duration.between(Instant.parse(one), Instant.parse(other)).abs().compareTo(DRIFT) < 0;
    } catch (DateTimeParseException e) {
      return false; // one of them is not known
    }
  }

  /** The passwords of this stack. */
  public Passwords passwords() {
    return new Passwords(get("secret"));
  }

  /** Calls the control API; an answer of 400 or above is an error. */
  public String control(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(get("control.url") + path))
            .timeout(Duration.ofSeconds(90))
            .header("Authorization", "Bearer " + get("control.token"))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 400) {
        throw new ControlRefused(method + " " + path, answer.statusCode(), answer.body());
      }
      return answer.body();
    }
  }

  /** The control API says no; the body is its problem document. */
  public static final class ControlRefused extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String body;

    ControlRefused(String request, int status, String body) {
      super(request + " answered " + status + " " + body);
      this.status = status;
      this.body = body;
    }

    public int status() {
      return status;
    }

    public String body() {
      return body;
    }
  }

  /**
   * When the process started, as it is written down to tell it from a later one with the same pid.
   */
  public static String startOf(ProcessHandle handle) {
    return handle.info().startInstant().map(Object::toString).orElse("unknown");
  }
}
