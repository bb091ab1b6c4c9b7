package dev.gpucloud.gateway.events.engine;

import dev.gpucloud.contracts.event.EventTypes;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a listener wants of what they may hear; an empty set of types wants all. */
public record Filter(Set<String> types, @Nullable String project) {
  private static final int MOST_TYPES = 50;

  public Filter {
    types = Set.copyOf(types);
  }

  /**
   * Reads types such as {@code instance.started,invoice.*}.
   *
   * @throws IllegalArgumentException saying which of them is none
   */
  public static Set<String> types(String list) {
    Set<String> types = new LinkedHashSet<>();
    for (String type : list.split(",", -1)) {
      if (!EventTypes.isOfTenants(type)) {
        throw new IllegalArgumentException("'%s' is no event type".formatted(shortened(type)));
      }
      types.add(type);
    }
    if (types.size() > MOST_TYPES) {
      throw new IllegalArgumentException("more than %d types".formatted(MOST_TYPES));
    }
    return types;
  }

  /** Whether it is wanted. */
  public boolean wants(String type, @Nullable String ofProject) {
    boolean ofType =
        types.isEmpty() || types.contains(type) || types.contains(EventTypes.family(type));
    return ofType && (project == null || project.equals(ofProject));
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40);
  }
}
