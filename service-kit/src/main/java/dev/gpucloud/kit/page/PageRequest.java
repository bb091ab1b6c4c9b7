package dev.gpucloud.kit.page;

import dev.gpucloud.contracts.problem.ProblemType;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which page a list request asks for; used as a {@code @BeanParam}. */
public class PageRequest {
  public static final int DEFAULT_SIZE = 50;
  public static final int LARGEST_SIZE = 1000;

  @QueryParam("pageSize")
  @Nullable String pageSize;

  @QueryParam("pageToken")
  @Nullable String pageToken;

  @Context @Nullable UriInfo uri;

  public PageRequest() {}

  /** For tests and for lists inside the service. */
  public static PageRequest of(int size, @Nullable String token) {
    var request = new PageRequest();
    request.pageSize = Integer.toString(size);
    request.pageToken = token;
    return request;
  }

  /** Items on the page: 50 unless asked otherwise, from 1 to 1000. */
  public int size() {
    if (pageSize == null) {
      return DEFAULT_SIZE;
    }
    try {
      int asked = Integer.parseInt(pageSize);
      if (asked >= 1 && asked <= LARGEST_SIZE) {
        return asked;
      }
    } catch (NumberFormatException e) {
      // answered below
    }
    throw ProblemType.INVALID_PARAMETER
        .because("pageSize is a whole number from 1 to " + LARGEST_SIZE + ".")
        .at("pageSize", "must be a whole number from 1 to " + LARGEST_SIZE);
  }

  /** Rows to read: one more than the page holds, which tells whether another page follows. */
  public int limit() {
    return size() + 1;
  }

  /** The keyset position after which the page begins; empty for the first page. */
  public Map<String, String> after() {
    return pageToken == null ? Map.of() : PageTokens.decode(pageToken, list());
  }

  /** The id after which the page begins, for lists in the order of ids. */
  public Optional<UUID> afterId() {
    return after("id", UUID::fromString);
  }

  /** One value of the position; what the reader cannot read, the list never gave out. */
  public <T> Optional<T> after(String name, Function<String, T> reader) {
    try {
      return Optional.ofNullable(after().get(name)).map(reader);
    } catch (IllegalArgumentException e) {
      throw PageTokens.foreign();
    }
  }

  /** Cuts the rows read with {@link #limit()} to the page. */
  public <R, T> Page<T> page(
      List<R> rows, Function<R, T> view, Function<R, Map<String, String>> position) {
    if (rows.size() <= size()) {
      return new Page<>(rows.stream().map(view).toList(), null);
    }
    List<R> shown = rows.subList(0, size());
    return new Page<>(
        shown.stream().map(view).toList(),
        PageTokens.encode(position.apply(shown.getLast()), list()));
  }

  /** A token holds for the list that gave it out: its path. */
  private String list() {
    return uri == null ? "" : uri.getPath();
  }
}
