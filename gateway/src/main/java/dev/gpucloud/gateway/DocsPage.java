package dev.gpucloud.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The page at {@code /docs} that shows the API's document: files of ours and of Swagger UI. */
@Singleton
class DocsPage {
  /** Before the files are looked for. */
  private static final int FIRST = -10_000;

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  void install(@Observes Router router) {
    read(router.routeWithRegex("/docs")).handler(DocsPage::redirect);
    read(router.route("/docs/*")).handler(DocsPage::pass);
    read(router.route("/webjars/*")).handler(DocsPage::pass);
  }

  private static Route read(Route route) {
    return route.method(HttpMethod.GET).method(HttpMethod.HEAD).order(FIRST);
  }

  private static void redirect(RoutingContext ctx) {
    secure(ctx);
    ctx.redirect("/docs/");
  }

  private static void pass(RoutingContext ctx) {
    secure(ctx);
    ctx.next();
  }

  /** What a page with scripts of its own may do, which no answer of the API may. */
  private static void secure(RoutingContext ctx) {
    MultiMap headers = ctx.response().headers();
    headers.set(RequestId.HEADER, RequestId.accept(ctx.request().getHeader(RequestId.HEADER)));
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Content-Security-Policy", POLICY);
  }
}
