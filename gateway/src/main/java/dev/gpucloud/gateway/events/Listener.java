package dev.gpucloud.gateway.events;

import dev.gpucloud.gateway.events.engine.Filter;
import dev.gpucloud.gateway.events.engine.Position;
import dev.gpucloud.gateway.events.engine.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who listens to the feed. The feed offers events in order; what the listener may not or
 * does not want to hear goes no further than here.
 */
public final class Listener {
  private final String subject;
  private final @Nullable String key;
  private final Filter filter;
  private final Outlet outlet;
  private volatile Scope scope = Scope.nothing();

  /** From here on events are sent; earlier ones were. Written before the feed offers any. */
  private @Nullable Position from;

  /** Who listens, perhaps with an API key; hears nothing before it is known what they may hear. */
  public Listener(String subject, @Nullable String key, Filter filter, Outlet outlet) {
    this.subject = subject;
    this.key = key;
    this.filter = filter;
    this.outlet = outlet;
  }

  String subject() {
    return subject;
  }

  @Nullable String key() {
    return key;
  }

  Scope scope() {
    return scope;
  }

  /** What the listener may hear from now on. */
  public void scoped(Scope to) {
    scope = to;
  }

  void startsAt(Position position) {
    from = position;
  }

  Outlet outlet() {
    return outlet;
  }

  /** Sends the event with the position after it if it is for this listener. */
  void offer(FeedEvent event, Position after) {
    Position start = from;
    if (start != null && event.offset() < start.next(event.partition())) {
      return;
    }
    if (filter.wants(event.type(), event.project())
        && scope.hears(event.type(), event.tenant(), event.project())) {
      outlet.event(after.toString(), event.type(), event.text());
    }
  }
}
