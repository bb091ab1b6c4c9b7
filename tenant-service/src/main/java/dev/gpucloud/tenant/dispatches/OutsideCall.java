package dev.gpucloud.tenant.dispatches;

import dev.gpucloud.tenant.webhooks.WebhookConfig;
import dev.gpucloud.tenant.webhooks.engine.AddressGuard;
import dev.gpucloud.tenant.webhooks.engine.AddressGuard.Network;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Posts to an address that a tenant named. The name is looked up here, every address behind it must
 * be allowed, and the connection goes to the very address that was checked: a name that answers
 * otherwise a moment later changes nothing. No redirect is followed, nothing of the answer is read
 * but its status, and each call has a connection of its own.
 */
@ApplicationScoped
class OutsideCall {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final HttpClient client;
  private final AddressGuard guard;
  private final WebhookConfig config;

  OutsideCall(Vertx vertx, WebhookConfig config) {
    this.config = config;
    this.guard =
        new AddressGuard(
            config.allowedNetworks().orElse(List.of()).stream().map(Network::parse).toList());
    int millis = (int) config.timeout().toMillis();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout(millis)
                .setMaxPoolSize(1_000)
                .setMaxHeaderSize(16 * 1024));
  }

  /** What is fit for development only keeps a production service from starting. */
  void refuseInProduction(@Observes StartupEvent start) {
    if (config.plainHttp()
        && LaunchMode.current() == LaunchMode.NORMAL
        && ConfigUtils.isProfileActive("prod")) {
      throw new IllegalStateException(
          "gpucloud.webhooks.plain-http is set in the prod profile: messages of tenants would go"
              + " unencrypted and into the local network");
    }
  }

  /** The status of the answer; fails with words that its owner may read. */
  Uni<Integer> post(URI address, Map<String, String> headers, String body) {
    return Uni.createFrom()
        .item(() -> lookUp(address.getHost()))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .chain(found -> post(address, found, headers, body))
        .ifNoItem()
        .after(config.timeout())
        .failWith(() -> new IllegalStateException("no answer within " + config.timeout()));
  }

  private InetAddress lookUp(String host) {
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the name " + host + " is not known", e);
    }
    for (InetAddress address : found) {
      Optional<String> refusal = guard.refusal(address);
      if (refusal.isPresent()) {
        throw new IllegalStateException(host + " " + refusal.get());
      }
    }
    return found[0];
  }

  private Uni<Integer> post(
      URI address, InetAddress checked, Map<String, String> headers, String body) {
    boolean isTls = address.getScheme().equalsIgnoreCase("https");
    int port = address.getPort() > 0 ? address.getPort() : isTls ? HTTPS : HTTP;
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(SocketAddress.inetSocketAddress(port, checked.getHostAddress()))
            .setHost(address.getHost())
            .setPort(port)
            .setSsl(isTls)
            .setURI(target(address))
            .setFollowRedirects(false)
            .setTimeout(config.timeout().toMillis());
    headers.forEach(options::putHeader);
    return Uni.createFrom()
        .completionStage(
            () ->
                client
                    .request(options)
                    .compose(request -> request.send(body))
                    .compose(OutsideCall::status)
                    .toCompletionStage())
        .onFailure()
        .transform(failure -> new IllegalStateException(words(failure), failure));
  }

  private static Future<Integer> status(HttpClientResponse response) {
    int status = response.statusCode();
    return response.request().connection().close().otherwiseEmpty().map(closed -> status);
  }

  /** Without the address that the name led to: that is for operators, in the log. */
  private static String words(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    int cause = message.indexOf(": ");
    return failure instanceof ConnectException && cause >= 0
        ? message.substring(0, cause)
        : message;
  }

  private static String target(URI address) {
    String path =
        address.getRawPath() == null || address.getRawPath().isEmpty() ? "/" : address.getRawPath();
    return address.getRawQuery() == null ? path : path + "?" + address.getRawQuery();
  }

  @PreDestroy
  void close() {
    client.close();
  }
}
