package dev.gpucloud.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Sends the requests of a seed to a gateway and holds each answer against the {@link Law}. */
public final class Fuzz {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SENDERS = 8;
  private static final long TOKEN_USE_NANOS = 60_000_000_000L;

  private final URI gateway;
  private final Function<String, String> tokens;
  private final ApiDocument document;
  private final Harvest harvest;
  private final Map<Caller, Held> held = new EnumMap<>(Caller.class);
  private final Map<Integer, LongAdder> statuses = new ConcurrentSkipListMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Set<String> carriedOut = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Finding> findings = new ConcurrentLinkedQueue<>();

  private record Held(String token, long madeNanos) {}

  /** A broken law: the request by its seed, as curl, and what came back. */
  public record Finding(FuzzRequest request, String law, Answer answer, String curl) {
    @Override
    public String toString() {
      String text = answer.text();
      return "%s%n  %s%n  %s%n  answer %d %s"
          .formatted(
              law,
              request,
              curl,
              answer.status(),
              text.length() > 1_500 ? text.substring(0, 1_500) : text);
    }
  }

  /**
   * What a run came to; {@code asked} are the operations that were sent a request by their own
   * method, {@code carriedOut} those that had a 2xx at least once.
   */
  public record Result(
      long requests,
      Map<Integer, Long> statuses,
      Set<String> asked,
      Set<String> carriedOut,
      List<Finding> findings) {}

  /** {@code tokens} gives a fresh access token of a user. */
  public Fuzz(URI gateway, Function<String, String> tokens) {
    this.gateway = gateway;
    this.tokens = tokens;
    this.document = new ApiDocument(read(null, "/openapi").orElseThrow());
    this.harvest = Harvest.of(document, this::list);
  }

  ApiDocument document() {
    return document;
  }

  /** How many operations there are. */
  public int operations() {
    return document.operations().size();
  }

  /** Sends the numbers from {@code first} on; {@code progress} hears how many are done. */
  public Result run(long seed, long first, long requests, LongConsumer progress) {
    RequestGenerator generator = new RequestGenerator(document, harvest, seed);
    AtomicLong next = new AtomicLong(first);
    AtomicLong done = new AtomicLong();
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      senders.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (RawConnection connection = new RawConnection(gateway)) {
                      for (long n = next.getAndIncrement();
                          n < first + requests;
                          n = next.getAndIncrement()) {
                        send(connection, generator.request(n));
                        progress.accept(done.incrementAndGet());
                      }
                    }
                  }));
    }
    senders.forEach(Fuzz::join);
    Map<Integer, Long> counts = new TreeMap<>();
    statuses.forEach((status, count) -> counts.put(status, count.sum()));
    return new Result(
        done.get(), counts, new TreeSet<>(asked), new TreeSet<>(carriedOut), List.copyOf(findings));
  }

  private void send(RawConnection connection, FuzzRequest request) {
    Answer answer =
        connection.send(
            request.bytes(gateway.getAuthority(), token(request.caller())),
            request.method().equals("HEAD"),
            !request.notHttp());
    statuses.computeIfAbsent(answer.status(), ignored -> new LongAdder()).increment();
    if (request.method().equals(request.operation().method())) {
      asked.add(request.operation().toString());
      if (answer.status() / 100 == 2) {
        carriedOut.add(request.operation().toString());
      }
    }
    Law.broken(request, answer)
        .ifPresent(
            law ->
                findings.add(new Finding(request, law, answer, request.curl(gateway.toString()))));
  }

  private synchronized @Nullable String token(Caller caller) {
    if (caller.username().isEmpty()) {
      return null;
    }
    Held known = held.get(caller);
    if (known == null || System.nanoTime() - known.madeNanos() > TOKEN_USE_NANOS) {
      known = new Held(tokens.apply(caller.username()), System.nanoTime());
      held.put(caller, known);
    }
    return known.token();
  }

  private Optional<JsonNode> list(Operation operation, String path) {
    Caller caller =
        operation.path().startsWith("/api/v1/finance/")
            ? Caller.FINANCE
            : operation.path().startsWith("/api/v1/admin/") ? Caller.ADMIN : Caller.OWNER;
    return read(caller, path);
  }

  private Optional<JsonNode> read(@Nullable Caller caller, String path) {
    String token = caller == null ? null : token(caller);
    String head =
        "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n%s\r\n"
            .formatted(
                path,
                gateway.getAuthority(),
                token == null ? "" : "Authorization: Bearer " + token + "\r\n");
    try (RawConnection connection = new RawConnection(gateway)) {
      Answer answer = connection.send(head.getBytes(StandardCharsets.US_ASCII), false, true);
      return answer.status() == 200 ? Optional.of(JSON.readTree(answer.body())) : Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void join(Thread sender) {
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
