package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;

/** The document of the whole API at {@code GET /openapi}, made of what the services say now. */
@ApplicationScoped
class OpenApi {
  static final String PATH = "/openapi";
  private final Upstreams upstreams;

  OpenApi(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  Future<JsonObject> document() {
    List<Future<OpenApiMerge.Source>> sources =
        Stream.of(Upstream.values()).map(this::fetch).toList();
    return Future.join(sources)
        .map(all -> OwnApi.addTo(OpenApiMerge.merge(all.list())))
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
