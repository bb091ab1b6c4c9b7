package dev.gpucloud.inventory.forward;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Keeps what comes in by POST until it is answered, in case that another replica must answer it.
 * Larger bodies than any placement has are not kept.
 */
@Provider
class RequestKeeper implements ReaderInterceptor {
  private static final int LARGEST_BODY_BYTES = 64 * 1024;

  @ServerRequestFilter
  void keep(ContainerRequestContext request) {
    if (request.getMethod().equals(HttpMethod.POST)) {
      OriginalRequest.begin(request);
    }
  }

  @Override
  public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    InputStream in = context.getInputStream();
    byte[] head = in.readNBytes(LARGEST_BODY_BYTES + 1);
    InputStream again = new ByteArrayInputStream(head);
    if (head.length <= LARGEST_BODY_BYTES) {
      context.setProperty(OriginalRequest.BODY, head);
      context.setInputStream(again);
    } else {
      context.setInputStream(new SequenceInputStream(again, in));
    }
    return context.proceed();
  }
}
