package dev.gpucloud.kit.http;

import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses values of a query that JAX-RS would pass over: whatever is not true it takes for false,
 * so that {@code validateOnly=yes} would do the real thing, and of a filter that stands twice it
 * takes the first.
 */
class ParameterValues {
  private static final String PUBLIC = "/api/";

  /** Behind {@link KnownParameters}: a misspelled name is told first. */
  private static final int AFTER_NAMES = Priorities.USER + 1001;

  private static final Set<Class<?>> SWITCHES = Set.of(boolean.class, Boolean.class);

  private final Map<Method, Map<String, Class<?>>> declared = new ConcurrentHashMap<>();

  @ServerRequestFilter(priority = AFTER_NAMES)
  void check(ContainerRequestContext request, ResourceInfo resource) {
    UriInfo uri = request.getUriInfo();
    if (uri.getRequestUri().getRawQuery() == null
        || !uri.getRequestUri().getRawPath().startsWith(PUBLIC)) {
      return;
    }
    List<FieldError> faults =
        faults(
            declared.computeIfAbsent(resource.getResourceMethod(), ParameterValues::typesOf),
            uri.getQueryParameters());
    if (!faults.isEmpty()) {
      FieldError first = faults.getFirst();
      throw new ProblemException(
          ProblemType.INVALID_PARAMETER,
          "The parameter %s %s.".formatted(first.pointer(), first.detail()),
          Map.of(),
          faults);
    }
  }

  /** What is wrong with the values, by the types of their parameters. */
  static List<FieldError> faults(Map<String, Class<?>> types, Map<String, List<String>> values) {
    List<FieldError> faults = new ArrayList<>();
    types.forEach(
        (name, type) -> {
          List<String> given = values.getOrDefault(name, List.of());
          if (SWITCHES.contains(type) && !given.stream().allMatch(ParameterValues::isSwitch)) {
            faults.add(new FieldError(name, "must be true or false"));
          } else if (given.size() > 1 && !Collection.class.isAssignableFrom(type)) {
            faults.add(new FieldError(name, "may be given once"));
          }
        });
    return faults;
  }

  private static boolean isSwitch(String value) {
    return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
  }

  /** The types of a resource's parameters by name, those of its beans too. */
  static Map<String, Class<?>> typesOf(Method resource) {
    Map<String, Class<?>> types = new TreeMap<>();
    for (Parameter parameter : resource.getParameters()) {
      add(parameter.getAnnotation(QueryParam.class), parameter.getType(), types);
      if (parameter.isAnnotationPresent(BeanParam.class)) {
        for (Field field : parameter.getType().getDeclaredFields()) {
          add(field.getAnnotation(QueryParam.class), field.getType(), types);
        }
      }
    }
    return types;
  }

  private static void add(QueryParam parameter, Class<?> type, Map<String, Class<?>> types) {
    if (parameter != null) {
      types.put(parameter.value(), type);
    }
  }
}
