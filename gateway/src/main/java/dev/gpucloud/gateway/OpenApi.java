package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The document of the whole API at {@code GET /openapi}, made of what the services said a moment
 * ago: all who ask at once share one, as making it takes much memory.
 */
@ApplicationScoped
class OpenApi {
  static final String PATH = "/openapi";
  private static final Duration AGE = Duration.ofSeconds(2);

  private final Upstreams upstreams;
  private @Nullable Future<Document> shared;
  private long askedNanos;

  OpenApi(Upstreams upstreams) {
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
    List<Future<OpenApiMerge.Source>> sources =
        Stream.of(Upstream.values()).map(this::fetch).toList();
    return Future.join(sources)
        .map(all -> Document.of(OwnApi.addTo(OpenApiMerge.merge(all.list())).toBuffer()))
        .recover(
            failure ->
                Future.failedFuture(
                    ProblemType.UPSTREAM_UNAVAILABLE.because(
                        "A service does not answer with its part of the document.")));
  }

  private Future<OpenApiMerge.Source> fetch(Upstream upstream) {
    return upstreams
        .get(upstream, "/q/openapi?format=json")
        .compose(HttpClientResponse::body)
        .map(body -> new OpenApiMerge.Source(upstream, body.toJsonObject()));
  }
}
