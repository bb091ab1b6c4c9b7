package dev.gpucloud.kit.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.validation.Validator;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/**
 * Has a body that cannot be read refused with all of its faults. Of one that is long only the first
 * is told: looking for the others takes time.
 */
@Provider
class BodyReader implements ReaderInterceptor {
  private static final int LONGEST = 64 * 1024;

  private final ObjectMapper mapper;
  private final Validator validator;

  BodyReader(ObjectMapper mapper, Validator validator) {
    this.mapper = mapper;
    this.validator = validator;
  }

  @Override
  public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    InputStream in = context.getInputStream();
    byte[] head = in.readNBytes(LONGEST + 1);
    InputStream again = new ByteArrayInputStream(head);
    if (head.length > LONGEST) {
      context.setInputStream(new SequenceInputStream(again, in));
      return context.proceed();
    }
    context.setInputStream(again);
    try {
      return context.proceed();
    } catch (JacksonException first) {
      throw faults(context).all(first, head);
    } catch (WebApplicationException refused) {
      if (refused.getCause() instanceof JacksonException first) {
        throw faults(context).all(first, head);
      }
      throw refused;
    }
  }

  private BodyFaults faults(ReaderInterceptorContext context) {
    return new BodyFaults(
        mapper.readerFor(mapper.constructType(context.getGenericType())),
        body -> ProblemMappers.errors(validator.validate(body)));
  }
}
