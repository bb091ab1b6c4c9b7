package dev.gpucloud.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How the content of an answer is read. */
public interface Answer<A> {
  /** Bytes as they came: a file, or nothing. */
  Answer<byte[]> BYTES = content -> content;

  /** Reads what came back with a status below 300. */
  A read(byte[] content);

  /** A JSON object. */
  static <D> Answer<D> of(Function<ObjectNode, D> made) {
    return content -> made.apply((ObjectNode) Json.read(content));
  }

  /** A JSON array of objects. */
  static <D> Answer<List<D>> listOf(Function<ObjectNode, D> made) {
    return content -> {
      List<D> all = new ArrayList<>();
      Json.read(content).forEach(one -> all.add(made.apply((ObjectNode) one)));
      return all;
    };
  }

  /** JSON, exact in its numbers. */
  final class Json {
    static final ObjectMapper MAPPER =
        new ObjectMapper()
            .enable(
                com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    static JsonNode read(byte[] content) {
      try {
        return MAPPER.readTree(content);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
