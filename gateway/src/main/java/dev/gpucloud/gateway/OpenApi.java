package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The document of the whole API at {@code GET /openapi}, made of what the services said a moment
 * ago: all who ask at once share one, as making it takes much memory.
 */
@Singleton
class OpenApi {
  static final String PATH = "/openapi";
  private static final Duration AGE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Upstreams upstreams;
  private @Nullable Future<Document> shared;
  private long askedNanos;

  OpenApi(Vertx vertx, Upstreams upstreams) {
    this.vertx = vertx;
    this.upstreams = upstreams;
  }

  synchronized Future<Document> document() {
    Future<Document> last = shared;
    boolean isUsable =
        last != null
            && (!last.isComplete()
                || last.succeeded() && System.nanoTime() - askedNanos < AGE.toNanos());
    if (!isUsable) {
      askedNanos = System.nanoTime();
      last = make();
      shared = last;
    }
    return last;
  }

  private Future<Document> make() {
    List<Future<Part>> parts = Stream.of(Upstream.values()).map(this::fetch).toList();
    return Future.join(parts)
        .compose(all -> vertx.executeBlocking(() -> merged(all.list())))
        .recover(
            failure ->
                Future.failedFuture(
                    ProblemType.UPSTREAM_UNAVAILABLE.because(
                        "A service does not answer with its part of the document.")));
  }

  /** What a service says of itself, as it came. */
  private record Part(Upstream upstream, Buffer json) {
    OpenApiMerge.Source source() {
      return new OpenApiMerge.Source(upstream, json.toJsonObject());
    }
  }

  private Future<Part> fetch(Upstream upstream) {
    return upstreams
        .get(upstream, "/q/openapi?format=json")
        .compose(HttpClientResponse::body)
        .map(body -> new Part(upstream, body));
  }

  /** Takes long enough for others to notice: call it on a worker thread. */
  private static Document merged(List<Part> parts) {
    List<OpenApiMerge.Source> sources = parts.stream().map(Part::source).toList();
    return Document.of(OwnApi.addTo(OpenApiMerge.merge(sources)).toBuffer());
  }
}
