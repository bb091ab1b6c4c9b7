package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.access.Endpoint;
import dev.gpucloud.contracts.key.KeyActions;
import dev.gpucloud.contracts.text.EditDistance;
import dev.gpucloud.kit.audit.RouteNames;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The actions of all endpoints that API keys are let in to: a key for another would open nothing.
 */
final class KnownActions {
  /** The gateway's own. */
  private static final String EVENTS = "events.read";

  private static final int MOST_NAMED = 3;

  private final Set<String> actions = new TreeSet<>(Set.of(EVENTS));
  private final Map<String, Set<String>> byLogName = new TreeMap<>();

  KnownActions() {
    for (String service : Endpoint.SERVICES) {
      Endpoint.of(service).stream().filter(Endpoint::keys).forEach(this::add);
    }
  }

  private void add(Endpoint endpoint) {
    String action = RouteNames.action(endpoint.route());
    actions.add(action);
    byLogName.computeIfAbsent(endpoint.action(), name -> new TreeSet<>()).add(action);
  }

  /** Why a pattern is refused, with the nearest that are known; empty when it allows something. */
  Optional<String> refusal(String pattern) {
    return KeyActions.refusal(pattern)
        .or(() -> allowsSome(pattern) ? Optional.empty() : Optional.of(unknown(pattern)));
  }

  private boolean allowsSome(String pattern) {
    KeyActions key = new KeyActions(Set.of(pattern));
    return actions.stream().anyMatch(key::allow);
  }

  private String unknown(String pattern) {
    Set<String> meant = byLogName.get(pattern);
    return meant == null
        ? "no endpoint that takes API keys has such an action; the nearest are " + nearest(pattern)
        : "is what the audit log says; for keys it is " + String.join(", ", meant);
  }

  private String nearest(String pattern) {
    return actions.stream()
        .sorted(
            Comparator.comparingInt((String action) -> EditDistance.between(pattern, action))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST_NAMED)
        .collect(Collectors.joining(", "));
  }
}
