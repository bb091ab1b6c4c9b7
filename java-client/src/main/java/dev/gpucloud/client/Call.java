package dev.gpucloud.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API on certain things, ready to be sent by {@link Client} or by a transport
 * of one's own. Only the generated classes make them, so that a path or parameter that the API has
 * no more does not compile.
 *
 * @param <B> the body it takes: a {@link Document}, bytes, or {@link Nothing}
 * @param <A> what it answers
 */
public class Call<B, A> {
  private final String method;
  private final String path;
  private final Answer<A> answer;
  private final Map<String, String> query = new LinkedHashMap<>();

  /** The body of an operation that takes none. */
  public static final class Nothing {
    private Nothing() {}
  }

  /** Only for generated classes. */
  public Call(String method, String template, Map<String, String> things, Answer<A> answer) {
    this.method = method;
    this.answer = answer;
    String filled = template;
    for (Map.Entry<String, String> thing : things.entrySet()) {
      filled = filled.replace("{" + thing.getKey() + "}", escape(thing.getValue()));
    }
    this.path = filled;
  }

  public final String method() {
    return method;
  }

  /** The path without its query. */
  public final String path() {
    return path;
  }

  /** Path and query, escaped, as a request line has it. */
  public final String target() {
    StringBuilder target = new StringBuilder(path);
    query.forEach(
        (name, value) ->
            target
                .append(target.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(escape(value)));
    return target.toString();
  }

  /** Reads what came back. */
  public final A read(byte[] content) {
    return answer.read(content);
  }

  /** Sets a parameter of the query, or leaves it as it is for null. */
  public final Call<B, A> query(String name, @Nullable Object value) {
    if (value != null) {
      query.put(name, value.toString());
    }
    return this;
  }

  /** The same with one more parameter; this call stays as it is. */
  public final Call<B, A> and(String name, Object value) {
    Call<B, A> more = new Call<>(method, path, Map.of(), answer);
    more.query.putAll(query);
    return more.query(name, value);
  }

  /** Whether the query has a parameter. */
  public final boolean asks(String name) {
    return query.containsKey(name);
  }

  private static String escape(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public final String toString() {
    return method + " " + target();
  }
}
