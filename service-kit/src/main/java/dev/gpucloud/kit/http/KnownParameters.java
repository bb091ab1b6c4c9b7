package dev.gpucloud.kit.http;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses parameters of a query that the resource does not declare, so that a misspelled one is an
 * answer and not a list without its filter. Services among themselves may be of different versions:
 * what they ask each other is not looked at.
 */
class KnownParameters {
  private static final String PUBLIC = "/api/";

  /** Every list may be read page by page, one that is short too. */
  private static final Set<String> OF_LISTS = Set.of("pageSize", "pageToken");

  private static final Set<String> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  /** Who may not even ask is told of that first. */
  private static final int AFTER_ACCESS = Priorities.USER + 1000;

  private static final int LONGEST_NAME = 40;

  private final Map<Method, Set<String>> declared = new ConcurrentHashMap<>();

  @ServerRequestFilter(priority = AFTER_ACCESS)
  void check(ContainerRequestContext request, ResourceInfo resource) {
    UriInfo uri = request.getUriInfo();
    URI address = uri.getRequestUri();
    if (address.getRawQuery() == null || !address.getRawPath().startsWith(PUBLIC)) {
      return;
    }
    Set<String> known =
        declared.computeIfAbsent(resource.getResourceMethod(), KnownParameters::declaredBy);
    boolean reads = READS.contains(request.getMethod());
    List<String> unknown =
        uri.getQueryParameters().keySet().stream()
            .filter(name -> !known.contains(name) && !(reads && OF_LISTS.contains(name)))
            .sorted()
            .toList();
    if (!unknown.isEmpty()) {
      throw refusal(unknown, known);
    }
  }

  /** The names of a resource's parameters, those of its beans too. */
  static Set<String> declaredBy(Method resource) {
    var names = new TreeSet<String>();
    for (Parameter parameter : resource.getParameters()) {
      add(parameter.getAnnotation(QueryParam.class), names);
      if (parameter.isAnnotationPresent(BeanParam.class)) {
        for (Field field : parameter.getType().getDeclaredFields()) {
          add(field.getAnnotation(QueryParam.class), names);
        }
      }
    }
    return names;
  }

  private static void add(QueryParam parameter, Set<String> names) {
    if (parameter != null) {
      names.add(parameter.value());
    }
  }

  private static ProblemException refusal(List<String> unknown, Set<String> known) {
    String others =
        known.isEmpty() ? "there are none here" : "known are " + String.join(", ", known);
    return new ProblemException(
        ProblemType.INVALID_PARAMETER,
        "The query has a parameter that is not known here: %s; %s."
            .formatted(shortened(unknown.getFirst()), others),
        Map.of("known", List.copyOf(known)),
        unknown.stream()
            .map(name -> new FieldError(shortened(name), "is not known here"))
            .toList());
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }
}
