package dev.gpucloud.tenant.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The forest of tenants by slug: group, subsidiary, division. It may be drawn with mistakes in it;
 * {@link #refusal} finds them, and no walk upwards loops on a cycle.
 */
public final class TenantTree {
  /** Group, subsidiary, division. */
  public static final int MAX_DEPTH = 3;

  /** A tenant's place: its kind, if known, and its parent's slug. */
  public record Node(@Nullable TenantKind kind, @Nullable String parent) {}

  private final Map<String, Node> nodes;

  public TenantTree(Map<String, Node> nodes) {
    this.nodes = Map.copyOf(nodes);
  }

  /** This forest with more tenants; one that stands in both moves to its new place. */
  public TenantTree with(Map<String, Node> more) {
    var all = new HashMap<>(nodes);
    all.putAll(more);
    return new TenantTree(all);
  }

  public Optional<TenantKind> kind(String slug) {
    return Optional.ofNullable(nodes.get(slug)).map(Node::kind);
  }

  /** Why the tenant cannot stand where it does, or empty when it can. */
  public Optional<String> refusal(String slug) {
    Node node = nodes.get(slug);
    if (node == null || node.parent() == null) {
      return Optional.empty();
    }
    String parent = node.parent();
    if (!nodes.containsKey(parent)) {
      return Optional.of("no tenant has the slug '" + parent + "'");
    }
    List<String> above = ancestors(slug);
    if (above.contains(slug)) {
      return Optional.of(
          "'%s' would be its own ancestor: %s".formatted(slug, String.join(" < ", above)));
    }
    if (above.size() >= MAX_DEPTH) {
      return Optional.of("at most " + MAX_DEPTH + " levels: group, subsidiary, division");
    }
    return kindRefusal(node.kind(), nodes.get(parent).kind());
  }

  /**
   * From the parent upwards. In a cycle the walk ends at the first tenant that comes again, with
   * the start itself as last element when the cycle leads back to it.
   */
  public List<String> ancestors(String slug) {
    Set<String> seen = new LinkedHashSet<>();
    Node node = nodes.get(slug);
    while (node != null && node.parent() != null && seen.add(node.parent())) {
      node = nodes.get(node.parent());
    }
    return new ArrayList<>(seen);
  }

  private static Optional<String> kindRefusal(
      @Nullable TenantKind child, @Nullable TenantKind parent) {
    if (child == null || parent == null) {
      return Optional.empty();
    }
    boolean fits =
        switch (child) {
          case GROUP -> false;
          case SUBSIDIARY -> parent != TenantKind.EXTERNAL;
          case EXTERNAL -> parent == TenantKind.EXTERNAL;
        };
    return fits ? Optional.empty() : Optional.of(child + " cannot stand below " + parent);
  }
}
