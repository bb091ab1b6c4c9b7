package dev.gpucloud.agent.http;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counters and gauges, shown in the Prometheus text format. Thread-safe. */
public final class Metrics {
  private final Map<String, Family> families = new ConcurrentSkipListMap<>();

  /** Adds to a counter; {@code labels} are in Prometheus form without braces. */
  public void count(String name, String help, String labels, long by) {
    family(name, "counter", help).counters.computeIfAbsent(labels, _ -> new LongAdder()).add(by);
  }

  /** Shows a value whenever asked. */
  public void gauge(String name, String help, String labels, LongSupplier value) {
    family(name, "gauge", help).gauges.put(labels, value);
  }

  /** All figures in text form. */
  public String text() {
    StringBuilder text = new StringBuilder();
    families.forEach((name, family) -> family.append(text, name));
    return text.toString();
  }

  private Family family(String name, String type, String help) {
    return families.computeIfAbsent(name, _ -> new Family(type, help));
  }

  private static final class Family {
    private final String type;
    private final String help;
    private final Map<String, LongAdder> counters = new ConcurrentSkipListMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();

    Family(String type, String help) {
      this.type = type;
      this.help = help;
    }

    void append(StringBuilder text, String name) {
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
      counters.forEach((labels, value) -> line(text, name, labels, value.sum()));
      gauges.forEach((labels, value) -> line(text, name, labels, value.getAsLong()));
    }

    private static void line(StringBuilder text, String name, String labels, long value) {
      text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }
  }
}
